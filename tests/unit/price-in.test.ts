/** The prices of a variant: each number stays with its currency. */
import { describe, expect, test } from '@jest/globals';
import { type Offer, priceIn, pricesOf, withFirst } from '../../models/contract/pricing/price-in.ts';
import { commonCurrencies, payableOffer } from '../../models/pricing/payable-offer.ts';

const lamp: Offer = {
  price: 30_000_00,
  currency: 'NGN',
  otherPrices: [
    { currency: 'GHS', price: 300_00 },
    { currency: 'USD', price: 20_00 },
  ],
};
const chair: Offer = { price: 50_000_00, currency: 'NGN', otherPrices: [{ currency: 'USD', price: 35_00 }] };
const fees = (...currencies: ('NGN' | 'USD' | 'GHS')[]) => currencies.map((currency) => ({ amount: 1_00, currency }));

test('a price is that of its currency, and none stands for another', () => {
  expect((['NGN', 'USD', 'GHS', 'KES'] as const).map((currency) => priceIn(lamp, currency))).toEqual([
    30_000_00,
    20_00,
    300_00,
    null,
  ]);
  expect(priceIn({ price: 5, currency: 'USD' }, 'NGN')).toBeNull();
  expect(pricesOf(chair)).toEqual([
    { amount: 50_000_00, currency: 'NGN' },
    { amount: 35_00, currency: 'USD' },
  ]);
});

test('another price first changes no price, and one that is missing nothing', () => {
  const dollarsFirst = withFirst(lamp, 'USD');
  expect(pricesOf(dollarsFirst)[0]).toEqual({ amount: 20_00, currency: 'USD' });
  expect([...pricesOf(dollarsFirst)].sort((a, b) => a.amount - b.amount)).toEqual(
    [...pricesOf(lamp)].sort((a, b) => a.amount - b.amount),
  );
  expect(withFirst(lamp, 'KES')).toBe(lamp);
});

describe('what the shop takes orders in', () => {
  test('are the prices with a fee, the chosen one first', () => {
    expect(payableOffer(lamp, fees('USD', 'NGN'), 'USD')).toEqual({
      price: 20_00,
      currency: 'USD',
      otherPrices: [{ currency: 'NGN', price: 30_000_00 }],
    });
    expect(payableOffer(lamp, fees('USD', 'NGN'), 'GHS')?.currency).toBe('NGN');
    expect(payableOffer(lamp, fees('GHS'))).toEqual({ price: 300_00, currency: 'GHS', otherPrices: [] });
    expect(payableOffer(chair, fees('GHS'))).toBeNull();
  });

  test('are for several the ones that all have', () => {
    expect(commonCurrencies([lamp, chair], fees('USD', 'NGN', 'GHS'))).toEqual(['NGN', 'USD']);
    expect(commonCurrencies([lamp, chair], fees('USD', 'GHS'))).toEqual(['USD']);
    expect(commonCurrencies([], fees('USD'))).toEqual([]);
  });
});
