/** A cart: one per user, with the user's id as its own. One currency per cart. */

import { Schema, type Types } from 'mongoose';
import { MAX_LINE_QUANTITY } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';

export interface CartItem {
  variantId: Types.ObjectId;
  /** 1 to MAX_LINE_QUANTITY. */
  quantity: number;
  /** The price when the line was last looked at; subunits of the cart's currency. */
  unitPrice: number;
}

export interface Cart {
  _id: Types.ObjectId;
  items: CartItem[];
  /** Σ quantities. */
  itemCount: number;
  /** Σ quantity × unitPrice, subunits. */
  subtotal: number;
  /** null while the cart is empty. */
  currency: Currency | null;
  /** Written by each checkout, so that two checkouts of one shopper conflict and run one after the other. */
  lastCheckoutAt?: Date;
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
    items: [itemSchema],
    itemCount: { type: Number, required: true, min: 0 },
    subtotal: { type: Number, required: true, min: 0 },
    currency: { type: String, default: null },
    lastCheckoutAt: Date,
  },
  { collection: 'carts', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
