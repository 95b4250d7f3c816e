/** Money: every operation is exact, and only integers in subunits are amounts. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAXIMUM_TOTAL, MINIMUM_CHARGE } from '../../models/contract/limits.ts';
import { CURRENCIES, describeAmount, formatMoney, isSubunitAmount } from '../../models/contract/money.ts';
import { isAppError } from '../../models/errors.ts';
import { assertSubunitAmount, multiply, sum, toMajorUnits, toSubunits } from '../../models/money.ts';

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    return isAppError(error) ? error.code : 'another error';
  }
  return undefined;
}

describe('toSubunits', () => {
  test.each([
    ['19.99', 1999],
    ['0.29', 29],
    ['1.1', 110],
    ['1500', 150_000],
    ['007.05', 705],
    [' 12 ', 1200],
    ['0', 0],
    ['9999999999999.99', 999_999_999_999_999],
  ])('reads %j as %d, without a float in between', (text, amount) => expect(toSubunits(text)).toBe(amount));

  test.each([
    '',
    '-1',
    '+1',
    '1.234',
    '1,500',
    '1e3',
    'NaN',
    'Infinity',
    '.5',
    '5.',
    '0x10',
    '1 000',
    '١٢',
    '12345678901234',
  ])('refuses %j', (text) => expect(codeOf(() => toSubunits(text))).toBe('INVALID_INPUT'));

  test('names the field, and repeats no more than a bit of what was entered', () => {
    try {
      toSubunits('x'.repeat(1000), 'price');
    } catch (error) {
      if (!isAppError(error, 'INVALID_INPUT')) throw error;
      expect(error.details?.issues[0]?.path).toBe('price');
      expect(error.message.length).toBeLessThan(150);
    }
    expect.assertions(2);
  });

  test('is undone by toMajorUnits for every amount that it can read', () =>
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999_999_999 }), (amount) => toSubunits(toMajorUnits(amount)) === amount),
    ));
});

test('only integers from 0 to 2^53 - 1 are amounts', () => {
  for (const good of [0, 1, Number.MAX_SAFE_INTEGER]) expect(isSubunitAmount(good)).toBe(true);
  for (const bad of [-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined, 1n, [1]])
    expect(isSubunitAmount(bad)).toBe(false);
  expect(codeOf(() => assertSubunitAmount(0.1))).toBe('INVALID_INPUT');
});

test('products and sums are exact or refused', () => {
  expect(multiply(1999, 3)).toBe(5997);
  expect(sum([])).toBe(0);
  expect(sum([1, 2, 3])).toBe(6);
  expect(codeOf(() => multiply(Number.MAX_SAFE_INTEGER, 2))).toBe('INVALID_INPUT');
  expect(codeOf(() => multiply(1000, -1))).toBe('INVALID_INPUT');
  expect(codeOf(() => sum([Number.MAX_SAFE_INTEGER, 1]))).toBe('INVALID_INPUT');
});

test('the largest order leaves room for exact sums, and every currency has a least charge', () => {
  expect(Number.isSafeInteger(MAXIMUM_TOTAL * 1000)).toBe(true);
  for (const currency of CURRENCIES) {
    expect(isSubunitAmount(MINIMUM_CHARGE[currency])).toBe(true);
    expect(MINIMUM_CHARGE[currency]).toBeGreaterThan(0);
  }
});

describe('formatMoney', () => {
  test.each([
    ['NGN', 150_000, '₦1,500.00'],
    ['NGN', 5, '₦0.05'],
    ['USD', 199_999, '$1,999.99'],
    ['NGN', Number.MAX_SAFE_INTEGER, '₦90,071,992,547,409.91'],
  ] as const)('writes %s %d as %s', (currency, amount, text) => expect(formatMoney({ amount, currency })).toBe(text));

  test('writes an amount of a currency that is not supported with its code', () => {
    expect(describeAmount(1_250, 'EUR')).toBe('12.50 EUR');
    expect(describeAmount(5, 'EUR')).toBe('0.05 EUR');
    expect(describeAmount(150_000, 'NGN')).toBe('₦1,500.00');
  });

  test('keeps every digit of every amount, in every currency', () =>
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.maxSafeNat(), (currency, amount) => {
        const digits = formatMoney({ amount, currency }).replaceAll(/\D/g, '');
        return digits === toMajorUnits(amount).replace('.', '');
      }),
    ));
});
