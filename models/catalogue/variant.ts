/**
 * A variant: what is sold and counted. `stock` is free to sell, `reserved` is held for pending orders; both are
 * integers of 0 or more at every read, guarded by zod at the edge, by mongoose, and by the server's validator. Changed
 * only by conditional $inc. Variants are archived, never deleted; a missing or archived one counts as stock 0.
 */
import { Schema, type Types } from 'mongoose';
import { type Currency, isSubunitAmount } from '../contract/money.ts';
import { type CatalogChange, catalogChangeSchema } from './catalogue-change.ts';

export interface Variant {
  _id: Types.ObjectId;
  productId: Types.ObjectId;
  sku: string;
  /** What sets it apart within its product, e.g. `Blue, 42`. */
  title: string;
  /** Subunits, at least 1. */
  price: number;
  currency: Currency;
  stock: number;
  reserved: number;
  archivedAt?: Date;
  /** What staff did to it, oldest first, the last 50; missing on what is older than this list. */
  changes?: CatalogChange[];
  /** How often a settlement amid other writers took this variant before reading it. Only there to be written. */
  lockCount?: number;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

export const variantSchema = new Schema<Variant>(
  {
    productId: { type: Schema.Types.ObjectId, required: true },
    sku: { type: String, required: true },
    title: { type: String, required: true },
    price: { type: Number, required: true, validate: isSubunitAmount },
    currency: { type: String, required: true },
    stock: { type: Number, required: true, validate: isCount },
    reserved: { type: Number, required: true, validate: isCount },
    archivedAt: Date,
    changes: { type: [catalogChangeSchema], default: undefined },
    lockCount: Number,
  },
  { collection: 'variants', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
variantSchema.index({ sku: 1 }, { unique: true });
variantSchema.index({ productId: 1, _id: 1 });

/** The server refuses what would oversell, whoever writes it. */
export const variantValidator = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['productId', 'sku', 'price', 'currency', 'stock', 'reserved'],
    properties: {
      price: { bsonType: ['int', 'long', 'double'], minimum: 1, multipleOf: 1 },
      stock: { bsonType: ['int', 'long', 'double'], minimum: 0, multipleOf: 1 },
      reserved: { bsonType: ['int', 'long', 'double'], minimum: 0, multipleOf: 1 },
    },
  },
} as const;
