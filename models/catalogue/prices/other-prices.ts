/** Staff's prices of a variant in other currencies: their checks, their stored form and their words. */
import { type Currency, formatMoney } from '../../contract/money.ts';
import { type Offer, type OtherPrice, pricesOf } from '../../contract/pricing/price-in.ts';
import { invalidInput } from '../../errors.ts';
import type { Variant } from '../variant.ts';

/** Completes the sentence "otherPrices …"; null for prices that may stand beside one in `currency`. */
export function otherPricesProblem(currency: Currency, otherPrices: readonly OtherPrice[] = []): string | null {
  const hasOwn = otherPrices.some((other) => other.currency === currency);
  return hasOwn ? `must not name ${currency}, which the price itself is in` : null;
}

/** Throws INVALID_INPUT for prices that may not stand beside one in `currency`. */
export function assertOtherPrices(currency: Currency, otherPrices?: readonly OtherPrice[], path = 'otherPrices'): void {
  const problem = otherPricesProblem(currency, otherPrices);
  if (problem !== null) throw invalidInput(path, problem);
}

/** By code, and missing where there are none, as a variant stores them. */
export function storedPrices(otherPrices: readonly OtherPrice[] = []): Pick<Variant, 'otherPrices'> {
  if (otherPrices.length === 0) return {};
  return { otherPrices: [...otherPrices].sort((a, b) => (a.currency < b.currency ? -1 : 1)) };
}

/** "$20.00, GH₵300.00", or "none". */
export function otherPricesText(otherPrices: readonly OtherPrice[] = []): string {
  return storedPrices(otherPrices).otherPrices?.map(moneyText).join(', ') ?? 'none';
}

function moneyText({ currency, price: amount }: OtherPrice): string {
  return formatMoney({ amount, currency });
}

export function isSamePrices(a: readonly OtherPrice[] = [], b: readonly OtherPrice[] = []): boolean {
  const inOrder = (prices: readonly OtherPrice[]) =>
    prices
      .map(({ currency, price }) => `${currency} ${price}`)
      .sort()
      .join();
  return inOrder(a) === inOrder(b);
}

/** All prices of an offer: "₦30,000.00, $20.00". */
export function allPricesText(offer: Offer): string {
  return pricesOf(offer)
    .map((price) => formatMoney(price))
    .join(', ');
}
