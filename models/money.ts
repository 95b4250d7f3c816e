/** Arithmetic with amounts, which refuses what is not exact, and decimal text to and from subunits. */
import { CURRENCIES, type Currency, isSubunitAmount } from './contract/money.ts';
import { AppError, invalidInput } from './errors.ts';

/** A currency of ours by its word; null for any other. */
export function findCurrency(word: string | undefined): Currency | null {
  return CURRENCIES.find((currency) => currency === word) ?? null;
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

export function assertSubunitAmount(amount: number): void {
  if (!isSubunitAmount(amount)) {
    throw new AppError('INVALID_INPUT', `${amount} is not an amount in subunits (an integer from 0 to 2^53 - 1).`);
  }
}
