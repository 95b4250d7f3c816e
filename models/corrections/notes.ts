import type { Types } from 'mongoose';
import { type ActionKey, findRepeat } from '../action-key.ts';
import { MAX_NOTES } from '../contract/limits.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';

export interface NewNote {
  key: ActionKey;
  text: string;
  actor: Actor;
  now: Date;
}

/**
 * Adds a note of staff's. Its words stand in the note alone, never in the history. A repeat with the same key changes
 * nothing. Throws ACTION_KEY_REUSED, and ORDER_STATE_CONFLICT at MAX_NOTES.
 */
export async function addNote(db: Database, orderId: Types.ObjectId, note: NewNote): Promise<Order> {
  return (await changeOrder(db, orderId, (order) => decideNote(order, note), note.now)).order;
}

export function decideNote(order: Order, { key, text, actor, now }: NewNote): OrderChange | null {
  const notes = order.notes ?? [];
  if (findRepeat(notes, key) !== null) return null;
  if (notes.length >= MAX_NOTES) throw conflict(order, `it has ${MAX_NOTES} notes, the most; remove one first`);
  return { set: { notes: [...notes, { key, at: now, by: actor, text }] }, actor };
}

/** Removes a note for good; the history keeps that one was removed. A repeat changes nothing. */
export async function removeNote(
  db: Database,
  orderId: Types.ObjectId,
  removal: { noteId: string; actor: Actor; now: Date },
): Promise<Order> {
  return (await changeOrder(db, orderId, (order) => decideRemoveNote(order, removal), removal.now)).order;
}

export function decideRemoveNote(
  order: Order,
  { noteId, actor }: { noteId: string; actor: Actor },
): OrderChange | null {
  const { notes = [] } = order;
  const rest = notes.filter(({ key }) => key.id !== noteId);
  if (rest.length === notes.length) return null;
  assertHistoryHasRoom(order);
  return { set: { notes: rest.length === 0 ? undefined : rest }, actor, event: { type: 'note_removed' } };
}
