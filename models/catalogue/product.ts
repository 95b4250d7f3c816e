import { Schema, type Types } from 'mongoose';
import { type CatalogChange, catalogChangeSchema } from './catalogue-change.ts';

/** Archived and never deleted, because orders refer to it. Shoppers buy its variants. */
export interface Product {
  _id: Types.ObjectId;
  /** In URLs; lower case, digits and hyphens. */
  slug: string;
  /** The slug and all that it had before. Unique over all products, so that an old link never leads to another product. */
  slugs: string[];
  title: string;
  description: string;
  category: string;
  /** The same for all writings of the category. */
  categoryKey: string;
  /** In their order; the first one stands for the product. */
  pictures?: ProductPicture[];
  createdAt: Date;
  archivedAt?: Date;
  /** Counts the changes by staff, those of the stock left out; missing before the first one. */
  rev?: number;
  /** The last KEPT_CHANGES changes by staff, oldest first; missing on documents older than this field. */
  changes?: CatalogChange[];
}

export interface ProductPicture {
  /** SHA-256 of the file that staff sent, in hexadecimal digits; names its sizes in `pictures`. */
  pictureId: string;
  /** Of the largest size, in pixels. */
  width: number;
  height: number;
  /** Describes it to those who cannot see it. */
  text: string;
}

const pictureSchema = new Schema<ProductPicture>(
  {
    pictureId: { type: String, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    text: String,
  },
  { _id: false, strict: 'throw' },
);

export const productSchema = new Schema<Product>(
  {
    slug: { type: String, required: true },
    slugs: { type: [String], required: true },
    title: { type: String, required: true },
    description: { type: String, required: true },
    category: { type: String, required: true },
    categoryKey: { type: String, required: true },
    pictures: { type: [pictureSchema], default: undefined },
    createdAt: { type: Date, required: true },
    archivedAt: Date,
    rev: Number,
    changes: { type: [catalogChangeSchema], default: undefined },
  },
  { collection: 'products', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
productSchema.index({ slugs: 1 }, { unique: true });
productSchema.index({ archivedAt: 1, _id: -1 });
productSchema.index({ archivedAt: 1, categoryKey: 1, _id: -1 });
