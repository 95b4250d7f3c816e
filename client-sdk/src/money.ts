/** The contract's money functions, declared with this package's own types, so that its declarations stand by themselves. */
import * as contract from '../../models/contract/money.ts';
import type { Currency } from './types.ts';

export interface Money {
  /** An integer in the subunit. The shop's amounts are from 0 to 2^53 - 1. */
  amount: number;
  currency: Currency;
}

/**
 * `{amount: 150000, currency: 'NGN'}` → "₦1,500.00", in the format of `locale`. Accepts any object with an amount and a
 * currency. A difference may be negative: "-₦500.50". Throws RangeError if `amount` is no integer within ±(2^53 - 1).
 */
export function formatMoney({ amount, currency }: Money, locale = 'en-NG'): string {
  if (amount < 0) return `-${contract.formatMoney({ amount: -amount, currency }, locale)}`;
  return contract.formatMoney({ amount, currency }, locale);
}

/** An amount as Paystack reported it, in a currency that may be none of the shop's: "₦1,500.00", "12.50 EUR". */
export function describeAmount(amount: number, currency: string): string {
  return contract.describeAmount(amount, currency);
}

/**
 * "1500.50" or "1,500.50" → 150050 subunits of the currency. Null for any other text: a sign, an exponent, a misplaced
 * comma, too many decimals, more than 2^53 - 1 subunits.
 */
export function parseMoney(text: string, currency: Currency): number | null {
  return contract.parseMoney(text, currency);
}
