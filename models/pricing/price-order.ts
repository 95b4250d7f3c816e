/** The only place where totals are computed, so that a cart and the order placed from it cannot differ. */

import { MAXIMUM_TOTAL, MINIMUM_CHARGE } from '../contract/limits.ts';
import { type Currency, formatMoney, type Money } from '../contract/money.ts';
import { invalidInput } from '../errors.ts';
import { multiply, sum } from '../money.ts';

/** `unitPrice` in subunits. */
export interface PricedLine {
  unitPrice: number;
  quantity: number;
}

/** Amounts in subunits of the lines' currency. */
export interface Prices {
  /** In the order of the lines. */
  lineTotals: number[];
  subtotal: number;
  shippingFee: number;
  total: number;
}

/** Without lines there is no shipping fee. Throws INVALID_INPUT when an amount is no longer exact. */
export function priceOrder(lines: readonly PricedLine[], feeOfShipping: number): Prices {
  const lineTotals = lines.map(({ unitPrice, quantity }) => multiply(unitPrice, quantity));
  const subtotal = sum(lineTotals);
  const shippingFee = lines.length > 0 ? feeOfShipping : 0;
  return { lineTotals, subtotal, shippingFee, total: sum([subtotal, shippingFee]) };
}

/** The currency of all items. Throws INVALID_INPUT when there are several, or none. */
export function singleCurrency(currencies: readonly Currency[]): Currency {
  const [currency, ...others] = new Set(currencies);
  if (currency === undefined || others.length > 0)
    throw invalidInput('cart', 'the items are priced in different currencies; keep those of one');
  return currency;
}

/** Throws INVALID_INPUT for a total that Paystack would not charge, or that is larger than an order's may be. */
export function assertChargeable(total: Money): void {
  const { amount, currency } = total;
  if (amount >= MINIMUM_CHARGE[currency] && amount <= MAXIMUM_TOTAL) return;
  const [least, most] = [MINIMUM_CHARGE[currency], MAXIMUM_TOTAL].map((bound) =>
    formatMoney({ amount: bound, currency }),
  );
  throw invalidInput('cart', `a total of ${formatMoney(total)} cannot be charged; it must be from ${least} to ${most}`);
}
