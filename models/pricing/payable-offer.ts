import type { Currency } from '../contract/money.ts';
import { type Offer, priceIn, pricesOf, toOffer, withFirst } from '../contract/pricing/price-in.ts';
import { findShippingFee, type ShippingFees } from './shipping-fee.ts';

/**
 * The prices that the shop takes orders in. The own one is then the price in an empty cart: that in `chosen` if there is
 * one. Null without any.
 */
export function payableOffer(offer: Offer, fees: ShippingFees, chosen?: Currency): Offer | null {
  const [first, ...others] = pricesOf(offer).filter(({ currency }) => findShippingFee(fees, currency) !== null);
  if (first === undefined) return null;
  const payable = toOffer(first, others);
  return chosen === undefined ? payable : withFirst(payable, chosen);
}

/**
 * The currency of a cart that these offers begin. It is the chosen one, if the shop has a fee in it and any of them a price.
 * Else it is that of the first that can be paid; null without any.
 */
export function firstCurrency(offers: readonly Offer[], fees: ShippingFees, chosen?: Currency): Currency | null {
  const payable = offers.flatMap((offer) => payableOffer(offer, fees) ?? []);
  if (chosen !== undefined && payable.some((offer) => priceIn(offer, chosen) !== null)) return chosen;
  return payable[0]?.currency ?? null;
}

/** By code: those with a fee in which each of the offers has a price. Empty without offers. */
export function commonCurrencies(offers: readonly Offer[], fees: ShippingFees): Currency[] {
  const [first, ...others] = offers.map((offer) => {
    const payable = payableOffer(offer, fees);
    return payable === null ? [] : pricesOf(payable).map(({ currency }) => currency);
  });
  return (first ?? []).filter((currency) => others.every((own) => own.includes(currency))).sort();
}

/** "NGN and USD". */
export function currenciesText(offer: Offer, joined = ' and '): string {
  return pricesOf(offer)
    .map(({ currency }) => currency)
    .join(joined);
}
