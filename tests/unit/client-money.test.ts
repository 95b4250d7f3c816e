import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatMoney, newCheckoutKey, parseMoney } from '../../client-sdk/src/index.ts';
import { CURRENCIES, formatMoney as formatOnServer } from '../../models/contract/money.ts';

describe('formatMoney', () => {
  test('formats the amount with symbol, separators and two decimals', () => {
    expect(formatMoney({ amount: 150_000, currency: 'NGN' })).toBe('₦1,500.00');
    expect(formatMoney({ amount: 5, currency: 'NGN' })).toBe('₦0.05');
    expect(formatMoney({ amount: 1_999, currency: 'USD' })).toBe('$19.99');
    expect(formatMoney({ amount: 150_000, currency: 'XOF' })).toContain('1,500.00');
  });

  test('is exact up to the largest safe integer', () => {
    expect(formatMoney({ amount: Number.MAX_SAFE_INTEGER, currency: 'NGN' })).toBe('₦90,071,992,547,409.91');
  });

  test('formats as in the locale', () => {
    expect(formatMoney({ amount: 123_456, currency: 'USD' }, 'de-DE')).toMatch(/^1\.234,56\s\$$/);
  });

  test('a difference may be negative', () => {
    expect(formatMoney({ amount: -50_050, currency: 'NGN' })).toBe('-₦500.50');
    expect(formatMoney({ amount: -5, currency: 'USD' })).toBe('-$0.05');
    expect(formatMoney({ amount: -123_456, currency: 'USD' }, 'de-DE')).toMatch(/^-1\.234,56\s\$$/);
  });

  test('throws for a number that is not an amount', () => {
    for (const amount of [0.5, -0.5, -(2 ** 53), Number.NaN, 2 ** 53]) {
      expect(() => formatMoney({ amount, currency: 'NGN' })).toThrow(RangeError);
    }
  });

  test('equals the format of emails', () => {
    const anyMoney = fc.record({ amount: fc.maxSafeNat(), currency: fc.constantFrom(...CURRENCIES) });
    fc.assert(fc.property(anyMoney, (money) => formatMoney(money) === formatOnServer(money)));
  });
});

describe('parseMoney', () => {
  test('is exact where floating point is not', () => {
    expect(parseMoney('1500.50', 'NGN')).toBe(150_050);
    expect(parseMoney('19.99', 'USD')).toBe(1_999);
    expect(parseMoney('0.1', 'NGN')).toBe(10);
    expect(parseMoney(' 1,234,567.8 ', 'NGN')).toBe(123_456_780);
  });

  test('returns null for text that is not an amount', () => {
    const wrong = ['', ' ', '-1', '+1', '1e3', '1.234', '1,50', '1,5000', '1 500', '.5', '5.', '0x10', 'NaN', '₦5'];
    expect(wrong.filter((text) => parseMoney(text, 'NGN') !== null)).toEqual([]);
    expect(parseMoney('90071992547409.92', 'NGN')).toBeNull();
  });

  test('is the inverse of formatMoney', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (amount) => {
        expect(parseMoney(formatMoney({ amount, currency: 'NGN' }).slice(1), 'NGN')).toBe(amount);
      }),
    );
  });
});

test('newCheckoutKey returns keys that the server accepts, and no key twice', () => {
  const keys = Array.from({ length: 100 }, newCheckoutKey);
  expect(keys.filter((key) => !/^[A-Za-z0-9_-]{16,64}$/.test(key))).toEqual([]);
  expect(new Set(keys).size).toBe(keys.length);
});
