/** cart.ensure: at least the given units of each line, in one update that the server computes. */

import type { Types } from 'mongoose';
import type { MissedLine } from '../contract/cart.ts';
import { MAX_CART_LINES } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';
import type { MissedLineKind } from '../contract/statuses.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { AppError } from '../errors.ts';
import { findShippingFee, type ShippingFees } from '../pricing/shipping-fee.ts';
import type { Cart } from './cart-document.ts';
import { totals } from './change-cart.ts';

export interface WantedLine {
  variantId: Types.ObjectId;
  /** 1 to MAX_LINE_QUANTITY. */
  quantity: number;
}

/** The lines that the cart gets; `price` in subunits of `currency`. */
interface Plan {
  currency: Currency | null;
  lines: (WantedLine & { price: number })[];
  missed: MissedLine[];
}

/** How often a cart whose currency another call keeps changing is read again before OVERLOADED. */
const ATTEMPTS = 5;

/** `own` is the currency of the line. */
const MISSED_TEXTS: Record<MissedLineKind, (own: string, cart: string) => string> = {
  unavailable: () => 'No longer sold.',
  other_currency: (own, cart) => `It is priced in ${own}, and the cart holds prices in ${cart}.`,
  no_shipping_fee: (own) => `The shop takes no orders in ${own}.`,
  cart_full: () => `The cart is full: it holds at most ${MAX_CART_LINES} different items.`,
};

function missedLine(variantId: Types.ObjectId, kind: MissedLineKind, own = '', cart = own): MissedLine {
  return { variantId: String(variantId), kind, message: MISSED_TEXTS[kind](own, cart) };
}

type Offers = ReadonlyMap<string, { price: number; currency: Currency }>;

/**
 * Sorts the given lines into those to put in and those that cannot be. `currency` is the cart's; an empty cart takes
 * that of the first line with a shipping fee. A variant that occurs twice is one line of the larger quantity. Pure.
 */
export function planLines(
  wanted: readonly WantedLine[],
  purchasable: Offers,
  currency: Currency | null,
  fees: ShippingFees,
): Plan {
  const plan: Plan = { currency, lines: [], missed: [] };
  for (const { variantId, quantity } of largestOfEach(wanted)) {
    const offer = purchasable.get(String(variantId));
    if (offer === undefined) {
      plan.missed.push(missedLine(variantId, 'unavailable'));
    } else if (findShippingFee(fees, offer.currency) === null) {
      plan.missed.push(missedLine(variantId, 'no_shipping_fee', offer.currency));
    } else if (plan.currency !== null && plan.currency !== offer.currency) {
      plan.missed.push(missedLine(variantId, 'other_currency', offer.currency, plan.currency));
    } else {
      plan.currency = offer.currency;
      plan.lines.push({ variantId, quantity, price: offer.price });
    }
  }
  return plan;
}

function largestOfEach(wanted: readonly WantedLine[]): WantedLine[] {
  const largest = new Map<string, WantedLine>();
  for (const line of wanted) {
    const before = largest.get(String(line.variantId));
    if (before === undefined || before.quantity < line.quantity) largest.set(String(line.variantId), line);
  }
  return [...largest.values()];
}

/**
 * Carries out the plan for the cart's currency. `cart` is null when no line could be put in. May be raced: the update
 * matches only while the cart has the plan's currency, and the server takes the larger quantity. Throws OVERLOADED.
 */
export async function ensureInCart(
  db: Database,
  userId: Types.ObjectId,
  planFor: (currency: Currency | null) => Plan,
): Promise<{ cart: Cart | null; missed: MissedLine[] }> {
  const carts = driverCollection(db.carts);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await carts.findOne({ _id: userId }, { projection: { currency: 1 } });
    const { currency, lines, missed } = planFor(before?.currency ?? null);
    if (lines.length === 0 || currency === null) return { cart: null, missed };
    const cart = await write(db, userId, currency, lines);
    if (cart === null) continue;
    const full = lines
      .filter(({ variantId }) => !cart.items.some((item) => item.variantId.equals(variantId)))
      .map(({ variantId }) => missedLine(variantId, 'cart_full'));
    return { cart, missed: [...missed, ...full] };
  }
  throw new AppError('OVERLOADED', 'The cart is being changed elsewhere; try again.', {
    details: { retryAfterMs: 1_000 },
  });
}

/** null when the cart has got another currency meanwhile, or was inserted by another call. */
async function write(
  db: Database,
  userId: Types.ObjectId,
  currency: Currency,
  lines: Plan['lines'],
): Promise<Cart | null> {
  const update = [
    { $set: { items: { $ifNull: ['$items', []] } } },
    { $set: { items: ensuredItems(lines) } },
    totals(currency),
  ];
  const filter = { _id: userId, currency: { $in: [null, currency] } };
  try {
    return await driverCollection(db.carts).findOneAndUpdate(filter, update, { upsert: true, returnDocument: 'after' });
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/**
 * A pipeline expression: the lines with at least these quantities. Only a line that grows takes the current price, so
 * that a repeat changes nothing. New lines beyond the limit are left out.
 */
function ensuredItems(lines: Plan['lines']) {
  const wanted = lines.map(({ variantId, quantity, price }) => ({ variantId, quantity, unitPrice: price }));
  const own = { $first: { $filter: { input: wanted, as: 'wanted', cond: isSameVariant } } };
  const grown = {
    $let: {
      vars: { own },
      in: { $cond: [{ $gt: ['$$own.quantity', '$$item.quantity'] }, { $mergeObjects: ['$$item', '$$own'] }, '$$item'] },
    },
  };
  const kept = { $map: { input: '$items', as: 'item', in: grown } };
  const added = {
    $filter: { input: wanted, as: 'wanted', cond: { $not: [{ $in: ['$$wanted.variantId', '$items.variantId'] }] } },
  };
  return { $slice: [{ $concatArrays: [kept, added] }, MAX_CART_LINES] };
}

const isSameVariant = { $eq: ['$$wanted.variantId', '$$item.variantId'] };
