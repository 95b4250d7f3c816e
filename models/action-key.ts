/**
 * Idempotency keys of actions whose repetition would do a thing twice, such as a refund. The key is stored with what the
 * action wrote: in the history entry, the ledger row or the note.
 */
import mongoose, { Schema } from 'mongoose';
import { sha256OfCanonical } from './canonical-json.ts';
import { AppError } from './errors.ts';

export interface ActionKey {
  /** The caller's name for the action; a repeat has the same. */
  id: string;
  /** The first 16 bytes of the SHA-256 of the canonical input: distinguishes a repeat from another action. */
  input: mongoose.mongo.Binary;
}

export const actionKeySchema = new Schema<ActionKey>(
  { id: { type: String, required: true }, input: { type: Schema.Types.Buffer, required: true } },
  { _id: false, strict: 'throw' },
);

const DIGEST_BYTES = 16;

/** `input` is the call's input without the key itself. */
export function toActionKey(id: string, input: unknown): ActionKey {
  return { id, input: new mongoose.mongo.Binary(sha256OfCanonical(input).subarray(0, DIGEST_BYTES)) };
}

/**
 * The record that an earlier call with this key wrote; null when there is none. A decision calls this before its guards,
 * because a repeat is answered although the state has moved on. Throws ACTION_KEY_REUSED if the earlier call had other
 * input.
 */
export function findRepeat<T extends { key?: ActionKey }>(records: readonly T[], key: ActionKey): T | null {
  const earlier = records.find((record) => record.key?.id === key.id);
  if (earlier === undefined) return null;
  if (!hasSameInput(earlier.key, key))
    throw new AppError('ACTION_KEY_REUSED', 'This key belongs to an action with other input; use a new key for it.');
  return earlier;
}

/** By bytes: Binary objects of equal content are different objects. */
function hasSameInput(a: ActionKey | undefined, b: ActionKey): boolean {
  return a !== undefined && Buffer.compare(a.input.value(), b.input.value()) === 0;
}
