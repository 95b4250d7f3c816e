import { Schema, type Types } from 'mongoose';

/** How shoppers find a product that is sold: a read model, written in the transaction of each change of the catalogue. */
export interface ProductSearchRow {
  /** The product's id. */
  _id: Types.ObjectId;
  /** The tokens under which it is found (product-tokens). */
  t: string[];
}

export const productSearchSchema = new Schema<ProductSearchRow>(
  { _id: { type: Schema.Types.ObjectId, required: true }, t: { type: [String], required: true } },
  { collection: 'productsearch', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
export const PRODUCT_TOKENS = 'tokens';
productSearchSchema.index({ t: 1, _id: -1 }, { name: PRODUCT_TOKENS });

/** A word of any product, to recognise typing errors by. Words are never removed: one that no product has finds nothing. */
export interface SearchWord {
  _id: string;
  /** The word without one of its letters. */
  shortened: string[];
}

export const searchWordSchema = new Schema<SearchWord>(
  { _id: { type: String, required: true }, shortened: { type: [String], required: true } },
  { collection: 'searchwords', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
searchWordSchema.index({ shortened: 1 });
