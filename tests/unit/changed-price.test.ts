/** The words of the checkout page when the total is another one than the shopper saw. */
import { expect, test } from '@jest/globals';
import { changedPrice } from '../../client-sdk/storefront/src/data/changed-price.ts';

const details = { expectedTotal: 31_500_00, total: 32_500_00, currency: 'NGN' } as const;

test('a total of the same currency is shown in it, before and after', () => {
  expect(changedPrice(details, { shown: 'NGN', cart: 'NGN' })).toEqual({
    of: 'total',
    before: '₦31,500.00',
    after: '₦32,500.00',
  });
});

test.each([
  ['the order would have been in another currency', 'USD', 'NGN'],
  ['the cart has another currency now', 'NGN', 'USD'],
] as const)('no number is shown when %s', (_, shown, cart) => {
  expect(changedPrice(details, { shown, cart })).toEqual({ of: 'currency', currency: cart });
});
