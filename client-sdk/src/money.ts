/**
 * Converts between amounts and text. Amounts are integers in the currency's subunit. The conversion moves the decimal
 * point in a string, because in floating point 19.99 * 100 is 1998.9999999999998.
 */
import type { Currency } from './types.ts';

export interface Money {
  /** An integer in the subunit, from 0 to 2^53 - 1. */
  amount: number;
  currency: Currency;
}

/** Digits of the subunit. Paystack counts XOF in hundredths too. */
const SUBUNIT_DIGITS: Record<Currency, number> = { NGN: 2, GHS: 2, ZAR: 2, KES: 2, USD: 2, XOF: 2 };

/**
 * `{amount: 150000, currency: 'NGN'}` → "₦1,500.00", in the format of `locale`. Accepts any object with an amount and a
 * currency. Throws RangeError if `amount` is not an integer from 0 to 2^53 - 1.
 */
export function formatMoney({ amount, currency }: Money, locale = 'en-NG'): string {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`${amount} is not an amount in subunits`);
  const places = SUBUNIT_DIGITS[currency];
  const digits = String(amount).padStart(places + 1, '0');
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: places,
  });
  // Intl formats the integer part exactly; its zero decimals are replaced with the digits of the subunit.
  return format
    .formatToParts(BigInt(digits.slice(0, -places)))
    .map((part) => (part.type === 'fraction' ? digits.slice(-places) : part.value))
    .join('');
}

/**
 * "1500.50" or "1,500.50" → 150050 subunits of the currency. Null for any other text: a sign, an exponent, a misplaced
 * comma, too many decimals, more than 2^53 - 1 subunits.
 */
export function parseMoney(text: string, currency: Currency): number | null {
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(text.trim());
  const places = SUBUNIT_DIGITS[currency];
  const [, whole = '', decimals = ''] = match ?? [];
  if (!match || decimals.length > places) return null;
  const amount = Number(whole.replaceAll(',', '') + decimals.padEnd(places, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}
