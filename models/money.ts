import { CURRENCIES, type Currency, isSubunitAmount } from './contract/money.ts';
import { AppError, invalidInput } from './errors.ts';

/** null for a currency that is not supported. */
export function findCurrency(code: string | undefined): Currency | null {
  return CURRENCIES.find((currency) => currency === code) ?? null;
}

/**
 * '19.99' → 1999. By text, because 19.99 × 100 in floating point is not exact.
 * Accepts digits with at most two decimals, no sign, no separators. Throws INVALID_INPUT.
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

/** Throws INVALID_INPUT when the product exceeds 2^53 - 1 and is no longer exact. */
export function multiply(unitAmount: number, quantity: number): number {
  const product = unitAmount * quantity;
  assertSubunitAmount(product);
  return product;
}

/** The amounts are of one currency. Throws INVALID_INPUT when the sum is no longer exact. */
export function sum(amounts: readonly number[]): number {
  const total = amounts.reduce((a, b) => a + b, 0);
  assertSubunitAmount(total);
  return total;
}

export function assertSubunitAmount(amount: number): void {
  if (!isSubunitAmount(amount)) {
    throw new AppError('INVALID_INPUT', 'An amount is negative, fractional or too large to be exact.', {
      internal: { amount },
    });
  }
}
