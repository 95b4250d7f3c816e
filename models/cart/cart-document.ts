import { Schema, type Types } from 'mongoose';
import { MAX_LINE_QUANTITY } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';

export interface CartItem {
  variantId: Types.ObjectId;
  /** 1 to MAX_LINE_QUANTITY. */
  quantity: number;
  /** The price that the shopper last saw; subunits of the cart's currency. */
  unitPrice: number;
}

/** One per user, all lines in one currency. */
export interface Cart {
  /** The user's id. */
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

/** The fields of a cart from which every line was taken out. */
export const EMPTY_CART: Pick<Cart, 'items' | 'itemCount' | 'subtotal' | 'currency'> = {
  items: [],
  itemCount: 0,
  subtotal: 0,
  currency: null,
};

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
