import { Schema, type Types } from 'mongoose';

/** How staff's search finds an order: a read model, written after the commit of the order and rebuilt from it at any time. */
export interface SearchRow {
  /** The order's id. */
  _id: Types.ObjectId;
  /** The tokens under which the order is found (models/search/order-tokens). */
  t: string[];
  /** The order's version that the tokens are from, so that a late writer never replaces newer tokens. */
  v: number;
}

export const orderSearchSchema = new Schema<SearchRow>(
  { _id: { type: Schema.Types.ObjectId, required: true }, t: { type: [String], required: true }, v: Number },
  { collection: 'ordersearch', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
/** A search by one token reads its orders newest first, without a sort. */
export const TOKEN_INDEX = 'tokens';
orderSearchSchema.index({ t: 1, _id: -1 }, { name: TOKEN_INDEX });
