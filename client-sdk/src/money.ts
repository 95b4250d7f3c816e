/**
 * Money for people. Amounts are integers in the currency's subunit and never meet floating point: 19.99 * 100 is
 * 1998.9999999999998 there. Text becomes an amount and back by moving the decimal point in a string.
 */
import type { Currency } from './types.ts';

export interface Money {
  /** An integer in the subunit, from 0 to 2^53 - 1. */
  amount: number;
  currency: Currency;
}

/** How many digits the subunit has. XOF too is counted in hundredths by Paystack. */
const SUBUNIT_DIGITS: Record<Currency, number> = { NGN: 2, GHS: 2, ZAR: 2, KES: 2, USD: 2, XOF: 2 };

/**
 * `{amount: 150000, currency: 'NGN'}` → "₦1,500.00", written as in `locale`. Takes anything that holds an amount and
 * its currency. Throws RangeError for what is no amount.
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
  // Intl writes the exact integer part; its decimals, all zero, are replaced by ours.
  return format
    .formatToParts(BigInt(digits.slice(0, -places)))
    .map((part) => (part.type === 'fraction' ? digits.slice(-places) : part.value))
    .join('');
}

/**
 * "1500.50" or "1,500.50" → 150050 subunits of the currency; null for what is no such amount (a sign, an exponent, a
 * comma in a strange place, too many decimals, more than 2^53 - 1 subunits).
 */
export function parseMoney(text: string, currency: Currency): number | null {
  const match = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(text.trim());
  const places = SUBUNIT_DIGITS[currency];
  const [, whole = '', decimals = ''] = match ?? [];
  if (!match || decimals.length > places) return null;
  const amount = Number(whole.replaceAll(',', '') + decimals.padEnd(places, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
}
