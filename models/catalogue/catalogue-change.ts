/** Who changed a product or a variant, when, and to what: kept on the document itself, by the update that makes the change. */
import { Schema } from 'mongoose';

export interface CatalogChange {
  at: Date;
  /** 'system', or a staff member's user id. */
  actor: string;
  /** In words: what was done, and the new values. */
  what: string;
}

/** Checkout and catalogue read the whole document: it must not grow with every edit. The log has the older ones. */
export const KEPT_CHANGES = 50;

export const catalogChangeSchema = new Schema<CatalogChange>(
  {
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    what: { type: String, required: true },
  },
  { _id: false, strict: 'throw' },
);

/** Who changes the catalogue, and when. */
export interface CatalogActor {
  /** A staff member's user id, or 'system' for seeds. */
  actor: string;
  now: Date;
}

export const catalogChange = (what: string, { actor, now }: CatalogActor): CatalogChange => ({ at: now, actor, what });

/** The part of an update that notes the change. */
export function auditEntry(what: string, by: CatalogActor) {
  return { $push: { changes: { $each: [catalogChange(what, by)], $slice: -KEPT_CHANGES } } };
}
