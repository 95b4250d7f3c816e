/** A product: what shoppers browse. It has one or more variants (models/catalogue/variant), is archived and never deleted. */
import { Schema, type Types } from 'mongoose';
import { type CatalogChange, catalogChangeSchema } from './catalogue-change.ts';

export interface Product {
  _id: Types.ObjectId;
  /** In URLs; unique, lower case, digits and hyphens. */
  slug: string;
  title: string;
  description: string;
  category: string;
  createdAt: Date;
  archivedAt?: Date;
  /** What staff did to it, oldest first, the last 50; missing on what is older than this list. */
  changes?: CatalogChange[];
}

export const productSchema = new Schema<Product>(
  {
    slug: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, required: true },
    category: { type: String, required: true },
    createdAt: { type: Date, required: true },
    archivedAt: Date,
    changes: { type: [catalogChangeSchema], default: undefined },
  },
  { collection: 'products', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
productSchema.index({ slug: 1 }, { unique: true });
productSchema.index({ archivedAt: 1, _id: -1 });
productSchema.index({ archivedAt: 1, category: 1, _id: -1 });
productSchema.index(
  { title: 'text', category: 'text', description: 'text' },
  { weights: { title: 8, category: 4, description: 1 }, name: 'search' },
);
