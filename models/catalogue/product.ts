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
  createdAt: Date;
  archivedAt?: Date;
  /** The last KEPT_CHANGES changes by staff, oldest first; missing on documents older than this field. */
  changes?: CatalogChange[];
}

export const productSchema = new Schema<Product>(
  {
    slug: { type: String, required: true },
    slugs: { type: [String], required: true },
    title: { type: String, required: true },
    description: { type: String, required: true },
    category: { type: String, required: true },
    createdAt: { type: Date, required: true },
    archivedAt: Date,
    changes: { type: [catalogChangeSchema], default: undefined },
  },
  { collection: 'products', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
productSchema.index({ slugs: 1 }, { unique: true });
productSchema.index({ archivedAt: 1, _id: -1 });
productSchema.index({ archivedAt: 1, category: 1, _id: -1 });
productSchema.index(
  { title: 'text', category: 'text', description: 'text' },
  { weights: { title: 8, category: 4, description: 1 }, name: 'search' },
);
