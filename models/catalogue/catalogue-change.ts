import { Schema } from 'mongoose';
import { AppError } from '../errors.ts';

/** An entry of the audit trail on a product or variant, written by the update that makes the change. */
export interface CatalogChange {
  at: Date;
  /** 'system', or a staff member's user id. */
  actor: string;
  /** The action and the new values, in a sentence for staff. */
  what: string;
}

/** Bounds the document, which checkout and catalogue read whole. The log has the older entries. */
export const KEPT_CHANGES = 50;

export const catalogChangeSchema = new Schema<CatalogChange>(
  {
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    what: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

export interface CatalogActor {
  /** A staff member's user id, or 'system' for seeds. */
  actor: string;
  now: Date;
}

export const catalogChange = (what: string, { actor, now }: CatalogActor): CatalogChange => ({ at: now, actor, what });

/** The part of an update that appends the change and counts it. */
export function auditEntry(what: string, by: CatalogActor) {
  return { $push: { changes: { $each: [catalogChange(what, by)], $slice: -KEPT_CHANGES } }, $inc: { rev: 1 } };
}

/** The condition that a document has been changed so often: the form that staff filled in showed it as it is. */
export function hasRev(rev: number | undefined) {
  if (rev === undefined) return {};
  return rev === 0 ? { rev: { $exists: false } } : { rev };
}

/** Somebody else was faster. `changes` are those of the document as it is now. */
export function changedMeanwhile(what: string, changes: readonly CatalogChange[] = []): AppError {
  const last = changes.at(-1);
  const change = last === undefined ? '' : ` (${last.what})`;
  return new AppError(
    'PREVIEW_OUTDATED',
    `Somebody else has changed ${what} meanwhile${change}. Look at it as it is now, then save again.`,
    { details: { preview: null } },
  );
}
