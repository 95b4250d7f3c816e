/**
 * Changes of a cart. Each is one update in which the server computes lines and totals, so that concurrent changes of one
 * cart are merged and none is lost.
 */

import type { Types } from 'mongoose';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { AppError, invalidInput, notFound } from '../errors.ts';

import { type Cart, EMPTY_CART } from './cart-document.ts';

/** The fields of a variant that its line is made from. */
export interface AddedVariant {
  variantId: Types.ObjectId;
  /** Subunits. */
  price: number;
  currency: Currency;
}

/** How often a cart that another call keeps changing is read again before OVERLOADED. */
const ATTEMPTS = 5;

/**
 * Adds `quantity` (1 to 999) units; a line of the same variant grows. Returns the cart after that. The stock is not checked
 * here: reading the cart reports shortages. May be raced: no addition is lost, because the server merges the lines.
 * Not idempotent. Throws INVALID_INPUT (another currency than the cart's, over 999 on one line, over 100 lines), OVERLOADED.
 */
export async function addToCart(
  db: Database,
  userId: Types.ObjectId,
  added: AddedVariant,
  quantity: number,
): Promise<Cart> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const grown = await addWhereRoom(db, userId, added, quantity);
    if (grown !== null) return grown;
    const cart = await driverCollection(db.carts).findOne({ _id: userId });
    if (cart !== null) assertRoom(cart, added, quantity);
    // There is room after all: the cart has changed between the update and the read.
  }
  throw new AppError('OVERLOADED', 'The cart is being changed elsewhere; try again.', {
    details: { retryAfterMs: 1_000 },
  });
}

/** One round trip, also for the first line, whose upsert creates the cart. null when the cart exists and has no room. */
async function addWhereRoom(
  db: Database,
  userId: Types.ObjectId,
  added: AddedVariant,
  quantity: number,
): Promise<Cart | null> {
  const update = [
    { $set: { items: { $ifNull: ['$items', []] } } },
    { $set: { items: mergedItems(added, quantity) } },
    totals(added.currency),
  ];
  try {
    const options = { upsert: true, returnDocument: 'after' } as const;
    return await driverCollection(db.carts).findOneAndUpdate(roomFor(userId, added, quantity), update, options);
  } catch (error) {
    // The cart exists and did not match: it has no room, or another first addition has just inserted it.
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/**
 * Sets the quantity (1 to 999) of a line. May be repeated and raced: the last write wins. Throws NOT_FOUND without the
 * line.
 */
export async function setCartQuantity(
  db: Database,
  userId: Types.ObjectId,
  variantId: Types.ObjectId,
  quantity: number,
): Promise<void> {
  const isIt = { $eq: ['$$item.variantId', variantId] };
  const items = {
    $map: {
      input: '$items',
      as: 'item',
      in: { $cond: [isIt, { $mergeObjects: ['$$item', { quantity }] }, '$$item'] },
    },
  };
  const filter = { _id: userId, 'items.variantId': variantId };
  const { matchedCount } = await driverCollection(db.carts).updateOne(filter, [
    { $set: { items } },
    totals('$currency'),
  ]);
  if (matchedCount === 0) throw notFound('Cart line');
}

/** May be repeated: a missing line or cart is no error. */
export async function removeFromCart(db: Database, userId: Types.ObjectId, variantId: Types.ObjectId): Promise<void> {
  const kept = { $filter: { input: '$items', as: 'item', cond: { $ne: ['$$item.variantId', variantId] } } };
  await driverCollection(db.carts).updateOne({ _id: userId }, [{ $set: { items: kept } }, totals('$currency')]);
}

export async function clearCart(db: Database, userId: Types.ObjectId): Promise<void> {
  await driverCollection(db.carts).updateOne({ _id: userId }, { $set: EMPTY_CART });
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
export async function markPricesSeen(db: Database, userId: Types.ObjectId, seen: readonly SeenPrice[]): Promise<void> {
  const isIt = { $eq: ['$$seen.variantId', '$$item.variantId'] };
  const own = { $first: { $filter: { input: { $literal: seen }, as: 'seen', cond: isIt } } };
  const marked = {
    $let: {
      vars: { own },
      in: { $mergeObjects: ['$$item', { unitPrice: { $ifNull: ['$$own.unitPrice', '$$item.unitPrice'] } }] },
    },
  };
  const items = { $map: { input: '$items', as: 'item', in: marked } };
  await driverCollection(db.carts).updateOne({ _id: userId }, [{ $set: { items } }, totals('$currency')]);
}

/** A pipeline stage that derives the totals from the lines. `currency` is a value or a path. */
export function totals(currency: string) {
  const lineTotals = {
    $map: { input: '$items', as: 'item', in: { $multiply: ['$$item.quantity', '$$item.unitPrice'] } },
  };
  return {
    $set: {
      itemCount: { $sum: '$items.quantity' },
      subtotal: { $sum: lineTotals },
      currency: { $cond: [{ $eq: ['$items', []] }, null, currency] },
    },
  };
}

/** Matches the cart only if the units fit in, so that two concurrent additions cannot exceed a limit together. */
function roomFor(userId: Types.ObjectId, { variantId, currency }: AddedVariant, quantity: number) {
  const most = MAX_LINE_QUANTITY - quantity;
  return {
    _id: userId,
    currency: { $in: [null, currency] },
    $or: [
      { items: { $elemMatch: { variantId, quantity: { $lte: most } } } },
      { 'items.variantId': { $ne: variantId }, [`items.${MAX_CART_LINES - 1}`]: { $exists: false } },
    ],
  };
}

/** A pipeline expression: the lines with the units added, at the current price. */
function mergedItems({ variantId, price }: AddedVariant, quantity: number) {
  const grown = { quantity: { $add: ['$$item.quantity', quantity] }, unitPrice: price };
  return {
    $cond: [
      { $in: [variantId, '$items.variantId'] },
      {
        $map: {
          input: '$items',
          as: 'item',
          in: { $cond: [{ $eq: ['$$item.variantId', variantId] }, { $mergeObjects: ['$$item', grown] }, '$$item'] },
        },
      },
      { $concatArrays: ['$items', [{ variantId, quantity, unitPrice: price }]] },
    ],
  };
}

function assertRoom(cart: Cart, { variantId, currency }: AddedVariant, quantity: number): void {
  if (cart.currency !== null && cart.currency !== currency) {
    throw invalidInput('variantId', `the cart holds prices in ${cart.currency}; this one is in ${currency}`);
  }
  const line = cart.items.find((item) => item.variantId.equals(variantId));
  if (line && line.quantity + quantity > MAX_LINE_QUANTITY) {
    throw invalidInput('quantity', `the cart has ${line.quantity} of these; a line holds at most ${MAX_LINE_QUANTITY}`);
  }
  if (!line && cart.items.length >= MAX_CART_LINES) {
    throw invalidInput('variantId', `a cart holds at most ${MAX_CART_LINES} lines`);
  }
}
