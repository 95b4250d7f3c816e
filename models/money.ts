/**
 * Money as integers in the currency's subunit (kobo, pesewa, cent), always beside its currency.
 * Decimal text meets integers only here, by string arithmetic: 19.99 * 100 is 1998.9999999999998 in floating point.
 */
import { AppError, invalidInput } from './errors.ts';

/** Paystack's currencies; each has 100 subunits, XOF as Paystack counts it included. */
export const CURRENCIES = ['NGN', 'GHS', 'ZAR', 'KES', 'USD', 'XOF'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** `amount` is an integer in the subunit, 0 or more. */
export interface Money {
  amount: number;
  currency: Currency;
}

/** A currency of ours by its word; null for any other. */
export function findCurrency(word: string | undefined): Currency | null {
  return CURRENCIES.find((currency) => currency === word) ?? null;
}

/** The least that Paystack charges, in subunits (Paystack's documentation, supported currencies). */
export const MINIMUM_CHARGE: Record<Currency, number> = {
  NGN: 50_00,
  GHS: 10,
  ZAR: 1_00,
  KES: 3_00,
  USD: 2_00,
  XOF: 1_00,
};

/** An order's total never exceeds this; it leaves three digits below 2^53 for sums over orders. */
export const MAXIMUM_TOTAL = 1_000_000_000_000;

/** True for integers from 0 to 2^53 - 1: the only numbers that are amounts. */
export function isSubunitAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Multiplied by 100, by string arithmetic: '19.99' → 1999.
 * Takes what a person enters: digits, at most two decimals, no sign, no separators. Throws INVALID_INPUT.
 */
export function toSubunits(major: string, field = 'amount'): number {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(major.trim());
  if (!match) throw invalidInput(field, `"${major.slice(0, 40)}" is not an amount; write it like 1500 or 1500.50`);
  return Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
}

/** 150050 → '1500.50'. The inverse of toSubunits. */
export function toMajorUnits(amount: number): string {
  assertSubunitAmount(amount);
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** unit × quantity; throws INVALID_INPUT when the product is no longer exact. */
export function multiply(unitAmount: number, quantity: number): number {
  const product = unitAmount * quantity;
  assertSubunitAmount(product);
  return product;
}

/** The sum of amounts of one currency; throws INVALID_INPUT when it is no longer exact. */
export function sum(amounts: readonly number[]): number {
  const total = amounts.reduce((a, b) => a + b, 0);
  assertSubunitAmount(total);
  return total;
}

/** 'NGN', 150000 → '₦1,500.00', for emails and for people. */
export function formatMoney({ amount, currency }: Money): string {
  const [whole = '0', cents = '00'] = toMajorUnits(amount).split('.');
  const parts = formatOf(currency).formatToParts(BigInt(whole));
  // Intl formats the exact integer part; the two decimals are ours, so that no float is ever involved.
  return parts.map((part) => (part.type === 'fraction' ? cents : part.value)).join('');
}

/** Kept, one a currency: making one costs fifty times as much as using it, and an email names a dozen amounts. */
const formats = new Map<Currency, Intl.NumberFormat>();

function formatOf(currency: Currency): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 2 } as const;
  const made = new Intl.NumberFormat('en-NG', style);
  formats.set(currency, made);
  return made;
}

export function assertSubunitAmount(amount: number): void {
  if (!isSubunitAmount(amount)) {
    throw new AppError('INVALID_INPUT', `${amount} is not an amount in subunits (an integer from 0 to 2^53 - 1).`);
  }
}
