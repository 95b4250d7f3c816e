import { Schema, type Types } from 'mongoose';
import { MAX_LINE_QUANTITY } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';

export interface CartItem {
  variantId: Types.ObjectId;
  /** 1 to MAX_LINE_QUANTITY. */
  quantity: number;
  /** The price that the shopper last saw; subunits of the cart's currency. 0: none in this currency, and not for sale. */
  unitPrice: number;
}

/** One per user, all lines in one currency. */
export interface Cart {
  /** The user's id. */
  _id: Types.ObjectId;
  /** Counts the changes of its contents: each is written under a compare-and-set on it. 0: not stored. */
  rev: number;
  items: CartItem[];
  /** Σ quantities. */
  itemCount: number;
  /** Σ quantity × unitPrice, subunits. */
  subtotal: number;
  /** null while the cart is empty. */
  currency: Currency | null;
  /** Written by each checkout that reserves stock, so that two of one shopper conflict and run one after the other. */
  lastCheckoutAt?: Date;
}

/** The lines of a cart with the totals that follow from them. */
export type CartContents = Pick<Cart, 'items' | 'itemCount' | 'subtotal' | 'currency'>;

/** The contents of a cart with these lines, in `currency`. Pure. */
export function contentsOf(items: CartItem[], currency: Currency | null): CartContents {
  return {
    items,
    itemCount: items.reduce((count, { quantity }) => count + quantity, 0),
    subtotal: items.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0),
    currency: items.length > 0 ? currency : null,
  };
}

/** The cart of a user who has none stored. */
export function newCart(userId: Types.ObjectId): Cart {
  return { _id: userId, rev: 0, ...contentsOf([], null) };
}

const itemSchema = new Schema<CartItem>(
  {
    variantId: { type: Schema.Types.ObjectId, required: true },
    quantity: { type: Number, required: true, min: 1, max: MAX_LINE_QUANTITY, validate: Number.isSafeInteger },
    unitPrice: { type: Number, required: true, min: 0, validate: Number.isSafeInteger },
  },
  { _id: false, strict: 'throw' },
);

export const cartSchema = new Schema<Cart>(
  {
    _id: { type: Schema.Types.ObjectId, required: true },
    rev: { type: Number, required: true, min: 1 },
    items: [itemSchema],
    itemCount: { type: Number, required: true, min: 0 },
    subtotal: { type: Number, required: true, min: 0 },
    currency: { type: String, default: null },
    lastCheckoutAt: Date,
  },
  { collection: 'carts', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
