/**
 * Changes of a cart: pure functions of its contents, written by write-cart. Each returns the cart after that, with the same
 * lines where nothing changes. `known`, the cart as this call has read it, saves a read.
 */

import type { Types } from 'mongoose';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';
import { type Offer, priceIn } from '../contract/pricing/price-in.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { currenciesText } from '../pricing/payable-offer.ts';
import { type Cart, type CartContents, contentsOf } from './cart-document.ts';
import { changeCart } from './write-cart.ts';

/** The fields of a variant that its line is made from. Its own price is the one in an empty cart. */
export interface AddedVariant extends Offer {
  variantId: Types.ObjectId;
}

/**
 * Adds `quantity` (1 to 999) units; a line of the same variant grows and takes the current price. The stock is not checked
 * here: reading the cart reports shortages. Not idempotent. Throws INVALID_INPUT (no price in the cart's currency, over 999 on one line, over 100 lines), OVERLOADED.
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
  const { variantId } = added;
  const currency = cart.currency ?? added.currency;
  const price = priceIn(added, currency);
  if (price === null)
    throw invalidInput('variantId', `the cart holds prices in ${currency}; this one is in ${currenciesText(added)}`);
  assertRoom(cart, variantId, quantity);
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

/** Prices that the shopper was shown, in subunits of `currency`; without it, of the cart's. */
export interface SeenPrices {
  currency?: Currency | undefined;
  prices: readonly { variantId: Types.ObjectId; unitPrice: number }[];
}

/**
 * Stores the prices that the shopper was shown, so that their change is no longer reported. May be repeated and raced: a
 * newer price is reported again, and a line that is gone stays away. Prices in another currency than the cart's are left out.
 * Amounts of an order come from the catalogue alone.
 */
export async function markPricesSeen(
  db: Database,
  userId: Types.ObjectId,
  seen: SeenPrices,
  known?: Cart,
): Promise<Cart> {
  const prices = new Map(seen.prices.map(({ variantId, unitPrice }) => [String(variantId), unitPrice]));
  const change = (cart: CartContents) => {
    if (seen.currency !== undefined && seen.currency !== cart.currency) return cart;
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

function assertRoom(cart: CartContents, variantId: Types.ObjectId, quantity: number): void {
  const line = cart.items.find(isLineOf(variantId));
  if (line && line.quantity + quantity > MAX_LINE_QUANTITY) {
    throw invalidInput('quantity', `the cart has ${line.quantity} of these; a line holds at most ${MAX_LINE_QUANTITY}`);
  }
  if (!line && cart.items.length >= MAX_CART_LINES) {
    throw invalidInput('variantId', `a cart holds at most ${MAX_CART_LINES} lines`);
  }
}
