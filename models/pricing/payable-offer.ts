import type { Currency } from '../contract/money.ts';
import { type Offer, pricesOf, toOffer, withFirst } from '../contract/pricing/price-in.ts';
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
