import type { Currency, Money } from '../contract/money.ts';
import { type AppError, invalidInput } from '../errors.ts';

/** The flat fee of an order, at most one in each currency. Carts in a currency without a fee cannot be ordered. */
export type ShippingFees = readonly Money[];

/** null: the shop has no fee in this currency. */
export function findShippingFee(fees: ShippingFees, currency: Currency): Money | null {
  return fees.find((fee) => fee.currency === currency) ?? null;
}

/** Completes the sentence "This cart cannot be ordered: …". */
export function noFeeText(fees: ShippingFees, currency: Currency): string {
  const currencies = fees.map((fee) => fee.currency).join(' or ');
  return `the shop has no delivery fee in ${currency}, so it takes no orders in ${currency}; choose items priced in ${currencies}`;
}

export function noFeeIn(fees: ShippingFees, currency: Currency, path: string): AppError<'INVALID_INPUT'> {
  return invalidInput(path, noFeeText(fees, currency));
}
