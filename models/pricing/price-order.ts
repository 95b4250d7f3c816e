/** The only place where totals are computed, so that a cart and the order placed from it cannot differ. */

import { MAXIMUM_TOTAL, MINIMUM_CHARGE } from '../contract/limits.ts';
import { type Currency, formatMoney, type Money } from '../contract/money.ts';
import { invalidInput } from '../errors.ts';
import { multiply, sum } from '../money.ts';
import { findShippingFee, type ShippingFees } from './shipping-fee.ts';

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
  /** 0 without lines; null when the shop has no fee in this currency. */
  shippingFee: number | null;
  /** With the fee, if there is one. */
  total: number;
}

/** `currency` is that of all lines; only a fee in the same one is added. Throws INVALID_INPUT when an amount is no longer exact. */
export function priceOrder(lines: readonly PricedLine[], currency: Currency, fees: ShippingFees): Prices {
  const lineTotals = lines.map(({ unitPrice, quantity }) => multiply(unitPrice, quantity));
  const subtotal = sum(lineTotals);
  const shippingFee = lines.length > 0 ? (findShippingFee(fees, currency)?.amount ?? null) : 0;
  return { lineTotals, subtotal, shippingFee, total: sum([subtotal, shippingFee ?? 0]) };
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
