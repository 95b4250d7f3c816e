/** The prices of a variant: its own one, and those in other currencies. Nothing else compares their currencies. */
import type { Currency, Money } from '../money.ts';

/** A price beside the variant's own one. */
export interface OtherPrice {
  currency: Currency;
  /** Subunits, at least 1. */
  price: number;
}

export interface Offer extends OtherPrice {
  /** Each currency once, never that of `price`. */
  otherPrices?: readonly OtherPrice[] | undefined;
}

/** In subunits of `currency`; null without a price in it. */
export function priceIn(offer: Offer, currency: Currency): number | null {
  return pricesOf(offer).find((price) => price.currency === currency)?.amount ?? null;
}

/** The own one first. */
export function pricesOf({ price, currency, otherPrices = [] }: Offer): [Money, ...Money[]] {
  return [
    { amount: price, currency },
    ...otherPrices.map((other) => ({ amount: other.price, currency: other.currency })),
  ];
}

/** The same prices with the one in `currency` as the own; unchanged without a price in it. */
export function withFirst(offer: Offer, currency: Currency): Offer {
  const prices = pricesOf(offer);
  const first = prices.find((price) => price.currency === currency);
  if (first === undefined) return offer;
  return toOffer(
    first,
    prices.filter((price) => price !== first),
  );
}

export function toOffer({ amount, currency }: Money, others: readonly Money[]): Offer {
  return {
    price: amount,
    currency,
    otherPrices: others.map((other) => ({ currency: other.currency, price: other.amount })),
  };
}
