/**
 * Money as integers in the currency's subunit (kobo, pesewa, cent), always beside its currency. Text becomes an amount and
 * back by string arithmetic: 19.99 * 100 is 1998.9999999999998 in floating point.
 */

/** Paystack's currencies. */
export const CURRENCIES = ['NGN', 'GHS', 'ZAR', 'KES', 'USD', 'XOF'] as const;
export type Currency = (typeof CURRENCIES)[number];

export interface Money {
  /** An integer in the subunit, from 0 to 2^53 - 1. */
  amount: number;
  currency: Currency;
}

/** The digits of each subunit. Paystack counts XOF, too, in hundredths. */
const SUBUNIT_DIGITS: Record<Currency, number> = { NGN: 2, GHS: 2, ZAR: 2, KES: 2, USD: 2, XOF: 2 };

/** True for integers from 0 to 2^53 - 1: the only numbers that are amounts. */
export function isSubunitAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * `{amount: 150000, currency: 'NGN'}` → "₦1,500.00", in the format of `locale`. Accepts any object with an amount and a
 * currency. Throws RangeError if `amount` is not an integer from 0 to 2^53 - 1.
 */
export function formatMoney({ amount, currency }: Money, locale = 'en-NG'): string {
  if (!isSubunitAmount(amount)) throw new RangeError(`${amount} is not an amount in subunits`);
  const places = SUBUNIT_DIGITS[currency];
  const digits = String(amount).padStart(places + 1, '0');
  // Intl formats the exact integer part. The subunits then replace its zero decimals, so that no float is involved.
  return formatOf(currency, locale)
    .formatToParts(BigInt(digits.slice(0, -places)))
    .map((part) => (part.type === 'fraction' ? digits.slice(-places) : part.value))
    .join('');
}

/** An amount as Paystack reported it, in a currency that may be none of these: "₦1,500.00", "12.50 EUR". */
export function describeAmount(amount: number, currency: string): string {
  const known = CURRENCIES.find((one) => one === currency);
  if (known !== undefined) return formatMoney({ amount, currency: known });
  if (!isSubunitAmount(amount)) throw new RangeError(`${amount} is not an amount in subunits`);
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)} ${currency}`;
}

/** `150050` → "1500.50": major units for programs and spreadsheets, the currency beside it. Never by floating point. */
export function toDecimal(amount: number, currency: string): string {
  if (!isSubunitAmount(amount)) throw new RangeError(`${amount} is not an amount in subunits`);
  const known = CURRENCIES.find((one) => one === currency);
  const places = known === undefined ? 2 : SUBUNIT_DIGITS[known];
  const digits = String(amount).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Cached, because constructing one costs fifty times as much as using it. Its size is bounded by currencies and locales. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: Currency, locale: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  const created = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: SUBUNIT_DIGITS[currency],
  });
  formats.set(key, created);
  return created;
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
