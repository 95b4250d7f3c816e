/**
 * Changes of a cart: pure functions of its contents, written by write-cart. Each returns the cart after that, with the same
 * lines where nothing changes. `known`, the cart as this call has read it, saves a read.
 */

import type { Types } from 'mongoose';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { type Cart, type CartContents, contentsOf } from './cart-document.ts';
import { changeCart } from './write-cart.ts';

/** The fields of a variant that its line is made from. */
export interface AddedVariant {
  variantId: Types.ObjectId;
  /** Subunits. */
  price: number;
  currency: Currency;
}

/**
 * Adds `quantity` (1 to 999) units; a line of the same variant grows and takes the current price. The stock is not checked
 * here: reading the cart reports shortages. Not idempotent. Throws INVALID_INPUT (another currency than the cart's, over 999 on one line, over 100 lines), OVERLOADED.
 */
export function addToCart(
  db: Database,
  userId: Types.ObjectId,
  added: AddedVariant,
  quantity: number,
  known?: Cart,
): Promise<Cart> {
  return changeCart(db, userId, (cart) => withAdded(cart, added, quantity), known);
}

/** Throws INVALID_INPUT where the units do not fit in. Pure. */
export function withAdded(cart: CartContents, added: AddedVariant, quantity: number): CartContents {
  assertRoom(cart, added, quantity);
  const { variantId, price, currency } = added;
  const isIt = isLineOf(variantId);
  const items = cart.items.some(isIt)
    ? cart.items.map((item) => (isIt(item) ? { ...item, quantity: item.quantity + quantity, unitPrice: price } : item))
    : [...cart.items, { variantId, quantity, unitPrice: price }];
  return contentsOf(items, currency);
}

/**
 * Sets the quantity (1 to 999) of a line. May be repeated and raced: the last write wins. Throws NOT_FOUND without the
 * line, OVERLOADED.
 */
export async function setCartQuantity(
  db: Database,
  userId: Types.ObjectId,
  variantId: Types.ObjectId,
  quantity: number,
  known?: Cart,
): Promise<Cart> {
  const isIt = isLineOf(variantId);
  const change = (cart: CartContents) => {
    if (!cart.items.some(isIt)) throw notFound('Cart line');
    return contentsOf(
      cart.items.map((item) => (isIt(item) ? { ...item, quantity } : item)),
      cart.currency,
    );
  };
  return changeCart(db, userId, change, known);
}

/** May be repeated: a missing line or cart is no error. Throws OVERLOADED. */
export async function removeFromCart(
  db: Database,
  userId: Types.ObjectId,
  variantId: Types.ObjectId,
  known?: Cart,
): Promise<Cart> {
  const isIt = isLineOf(variantId);
  const change = (cart: CartContents) => {
    const left = cart.items.filter((item) => !isIt(item));
    return left.length < cart.items.length ? contentsOf(left, cart.currency) : cart;
  };
  return changeCart(db, userId, change, known);
}

/** May be repeated. Throws OVERLOADED. */
export async function clearCart(db: Database, userId: Types.ObjectId, known?: Cart): Promise<Cart> {
  return changeCart(db, userId, (cart) => (cart.items.length === 0 ? cart : contentsOf([], null)), known);
}

/** A price that the shopper was shown; subunits of the cart's currency. */
export interface SeenPrice {
  variantId: Types.ObjectId;
  unitPrice: number;
}

/**
 * Stores the prices that the shopper was shown, so that their change is no longer reported. May be repeated and raced: a
 * newer price is reported again, and a line that is gone stays away. Amounts of an order come from the catalogue alone.
 */
export async function markPricesSeen(
  db: Database,
  userId: Types.ObjectId,
  seen: readonly SeenPrice[],
  known?: Cart,
): Promise<Cart> {
  const prices = new Map(seen.map(({ variantId, unitPrice }) => [String(variantId), unitPrice]));
  const change = (cart: CartContents) => {
    const items = cart.items.map((item) => ({
      ...item,
      unitPrice: prices.get(String(item.variantId)) ?? item.unitPrice,
    }));
    const isNew = items.some(({ unitPrice }, index) => unitPrice !== cart.items[index]?.unitPrice);
    return isNew ? contentsOf(items, cart.currency) : cart;
  };
  return changeCart(db, userId, change, known);
}

function isLineOf(variantId: Types.ObjectId): (item: Pick<Cart['items'][number], 'variantId'>) => boolean {
  return (item) => item.variantId.equals(variantId);
}

function assertRoom(cart: CartContents, { variantId, currency }: AddedVariant, quantity: number): void {
  if (cart.currency !== null && cart.currency !== currency) {
    throw invalidInput('variantId', `the cart holds prices in ${cart.currency}; this one is in ${currency}`);
  }
  const line = cart.items.find(isLineOf(variantId));
  if (line && line.quantity + quantity > MAX_LINE_QUANTITY) {
    throw invalidInput('quantity', `the cart has ${line.quantity} of these; a line holds at most ${MAX_LINE_QUANTITY}`);
  }
  if (!line && cart.items.length >= MAX_CART_LINES) {
    throw invalidInput('variantId', `a cart holds at most ${MAX_CART_LINES} lines`);
  }
}
