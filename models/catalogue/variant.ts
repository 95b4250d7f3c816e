import { Schema, type Types } from 'mongoose';
import { CURRENCIES, type Currency, isSubunitAmount } from '../contract/money.ts';
import type { OtherPrice } from '../contract/pricing/price-in.ts';
import { type CatalogChange, catalogChangeSchema } from './catalogue-change.ts';

/**
 * The unit that is sold and counted. `stock` is free to sell, `reserved` belongs to pending orders. Both are integers of 0
 * or more, by the server's validator, and change only by conditional $inc. Archived and never deleted; a missing or
 * archived variant counts as stock 0.
 */
export interface Variant {
  _id: Types.ObjectId;
  productId: Types.ObjectId;
  sku: string;
  /** Its name within the product, e.g. `Blue, 42`. */
  title: string;
  /** Subunits, at least 1. */
  price: number;
  currency: Currency;
  /** Further prices, by the currency's code: each currency once, never `currency`. Missing when there are none. */
  otherPrices?: readonly OtherPrice[];
  stock: number;
  reserved: number;
  archivedAt?: Date;
  /** Counts the changes by staff, those of the stock left out; missing before the first one. */
  rev?: number;
  /** The last KEPT_CHANGES changes by staff, oldest first; missing on documents older than this field. */
  changes?: CatalogChange[];
  /** Incremented by a settlement to lock the variant before reading it; its value has no meaning. */
  lockCount?: number;
}

const otherPriceSchema = new Schema<OtherPrice>(
  {
    currency: { type: String, required: true, enum: CURRENCIES },
    price: { type: Number, required: true, min: 1, validate: isSubunitAmount },
  },
  { _id: false, strict: 'throw' },
);

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

export const variantSchema = new Schema<Variant>(
  {
    productId: { type: Schema.Types.ObjectId, required: true },
    sku: { type: String, required: true },
    title: { type: String, required: true },
    price: { type: Number, required: true, validate: isSubunitAmount },
    currency: { type: String, required: true },
    otherPrices: { type: [otherPriceSchema], default: undefined },
    stock: { type: Number, required: true, validate: isCount },
    reserved: { type: Number, required: true, validate: isCount },
    archivedAt: Date,
    rev: Number,
    changes: { type: [catalogChangeSchema], default: undefined },
    lockCount: Number,
  },
  { collection: 'variants', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
variantSchema.index({ sku: 1 }, { unique: true });
variantSchema.index({ productId: 1, _id: 1 });

const price = { bsonType: ['int', 'long', 'double'], minimum: 1, multipleOf: 1 } as const;

/** The last guard against overselling, in the server itself. */
export const variantValidator = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['productId', 'sku', 'price', 'currency', 'stock', 'reserved'],
    properties: {
      price,
      otherPrices: {
        bsonType: 'array',
        minItems: 1,
        maxItems: CURRENCIES.length - 1,
        items: {
          bsonType: 'object',
          required: ['currency', 'price'],
          properties: { currency: { enum: CURRENCIES }, price },
        },
      },
      stock: { bsonType: ['int', 'long', 'double'], minimum: 0, multipleOf: 1 },
      reserved: { bsonType: ['int', 'long', 'double'], minimum: 0, multipleOf: 1 },
    },
  },
} as const;
