/** cart.ensure: at least the given units of each line. */

import type { Types } from 'mongoose';
import type { MissedLine } from '../contract/cart.ts';
import { MAX_CART_LINES } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';
import { type Offer, priceIn } from '../contract/pricing/price-in.ts';
import type { MissedLineKind } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { currenciesText, firstCurrency, payableOffer } from '../pricing/payable-offer.ts';
import { findShippingFee, type ShippingFees } from '../pricing/shipping-fee.ts';
import { type Cart, type CartContents, type CartItem, contentsOf } from './cart-document.ts';
import { changeCart } from './write-cart.ts';

export interface WantedLine {
  variantId: Types.ObjectId;
  /** 1 to MAX_LINE_QUANTITY. */
  quantity: number;
  /** The price that the shopper last saw, in subunits of the currency that the shopper chose, or else of the variant's own. */
  seenPrice?: number;
}

/** The lines that the cart gets; `price`, which the shopper has seen, in subunits of `currency`. */
interface Plan {
  currency: Currency | null;
  lines: (WantedLine & { price: number })[];
  missed: MissedLine[];
}

/** `own`: the currencies of the line. */
const MISSED_TEXTS: Record<MissedLineKind, (own: string, cart: string) => string> = {
  unavailable: () => 'No longer sold.',
  other_currency: (own, cart) => `It is priced in ${own}, and the cart holds prices in ${cart}.`,
  no_shipping_fee: (own) => `The shop takes no orders in ${own}.`,
  cart_full: () => `The cart is full: it holds at most ${MAX_CART_LINES} different items.`,
};

function missedLine(variantId: Types.ObjectId, kind: MissedLineKind, own = '', cart = own): MissedLine {
  return { variantId: String(variantId), kind, message: MISSED_TEXTS[kind](own, cart) };
}

type Offers = ReadonlyMap<string, Offer>;

/** It decides the currency of an empty cart. `chosen`: by the shopper. */
export interface CurrencyChoice {
  fees: ShippingFees;
  chosen?: Currency | undefined;
}

/**
 * Sorts the given lines into those to put in and those that cannot be. `currency` is the cart's; an empty cart takes
 * that of the first line with a shipping fee. A variant that occurs twice is one line of the larger quantity. Pure.
 */
export function planLines(
  wanted: readonly WantedLine[],
  purchasable: Offers,
  currency: Currency | null,
  { fees, chosen }: CurrencyChoice,
): Plan {
  const distinct = largestOfEach(wanted);
  const offers = distinct.flatMap(({ variantId }) => purchasable.get(String(variantId)) ?? []);
  const inCart = currency ?? firstCurrency(offers, fees, chosen);
  const plan: Plan = { currency: inCart, lines: [], missed: [] };
  for (const { variantId, quantity, seenPrice } of distinct) {
    const offer = purchasable.get(String(variantId));
    if (offer === undefined) {
      plan.missed.push(missedLine(variantId, 'unavailable'));
      continue;
    }
    const payable = payableOffer(offer, fees);
    if (payable === null || inCart === null) {
      plan.missed.push(missedLine(variantId, 'no_shipping_fee', currenciesText(offer, ' or ')));
      continue;
    }
    if (findShippingFee(fees, inCart) === null) {
      plan.missed.push(missedLine(variantId, 'no_shipping_fee', inCart));
      continue;
    }
    const price = priceIn(payable, inCart);
    if (price === null) {
      plan.missed.push(missedLine(variantId, 'other_currency', currenciesText(payable), inCart));
      continue;
    }
    // A cart stores the price that was seen, so that another one now is reported.
    const seen = isSeenIn(inCart, offer, chosen) ? seenPrice : undefined;
    plan.lines.push({ variantId, quantity, price: seen ?? price });
  }
  return plan;
}

/** True if a price that the shopper saw is in this currency. A call that names none comes from a page that shows the own one. */
export function isSeenIn(currency: Currency, offer: Pick<Offer, 'currency'> | undefined, chosen?: Currency): boolean {
  return (chosen ?? offer?.currency ?? currency) === currency;
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
 * Carries out the plan for the cart's currency; the larger quantity stays. May be repeated and raced. `known` saves a read.
 * Throws OVERLOADED.
 */
export async function ensureInCart(
  db: Database,
  userId: Types.ObjectId,
  planFor: (currency: Currency | null) => Plan,
  known?: Cart,
): Promise<{ cart: Cart; missed: MissedLine[] }> {
  let plan: Plan = { currency: null, lines: [], missed: [] };
  const change = (cart: CartContents): CartContents => {
    plan = planFor(cart.currency);
    return withEnsured(cart, plan);
  };
  const cart = await changeCart(db, userId, change, known);
  const full = plan.lines
    .filter(({ variantId }) => !cart.items.some((item) => item.variantId.equals(variantId)))
    .map(({ variantId }) => missedLine(variantId, 'cart_full'));
  return { cart, missed: [...plan.missed, ...full] };
}

/**
 * The contents with at least these quantities. Only a line that grows takes the price of the plan, so that a repeat changes
 * nothing. New lines beyond the limit are left out. Pure.
 */
export function withEnsured(cart: CartContents, { currency, lines }: Pick<Plan, 'currency' | 'lines'>): CartContents {
  const wanted = new Map(lines.map((line) => [String(line.variantId), line]));
  const isShort = ({ variantId, quantity }: CartItem) => (wanted.get(String(variantId))?.quantity ?? 0) > quantity;
  const grown = cart.items.map((item) => {
    const own = wanted.get(String(item.variantId));
    return own !== undefined && isShort(item) ? toItem(own) : item;
  });
  const held = new Set(cart.items.map(({ variantId }) => String(variantId)));
  const added = lines
    .filter(({ variantId }) => !held.has(String(variantId)))
    .slice(0, Math.max(0, MAX_CART_LINES - grown.length))
    .map(toItem);
  if (added.length === 0 && !cart.items.some(isShort)) return cart;
  return contentsOf([...grown, ...added], currency);
}

function toItem({ variantId, quantity, price }: Plan['lines'][number]): CartItem {
  return { variantId, quantity, unitPrice: price };
}
