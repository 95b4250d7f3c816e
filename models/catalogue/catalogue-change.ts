import { Schema } from 'mongoose';

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

/** The part of an update that appends the change. */
export function auditEntry(what: string, by: CatalogActor) {
  return { $push: { changes: { $each: [catalogChange(what, by)], $slice: -KEPT_CHANGES } } };
}
