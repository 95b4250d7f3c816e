/** Why a cart cannot be paid in its currency, in words that say what to do. */
import { expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { currenciesOf, unpricedText } from '../../models/cart/cart-currency.ts';
import type { OfferedVariant } from '../../models/catalogue/find-variants.ts';
import type { Currency } from '../../models/contract/money.ts';

const FEES = (['NGN', 'USD'] as const).map((currency) => ({ amount: 1_00, currency }));

/** A cart with one of each, named by their letters, with a price in each of these currencies. */
function cartOf(sold: Record<string, readonly Currency[]>, archived: readonly string[] = []) {
  const variants = Object.entries(sold).map(([title, [currency = 'NGN', ...others]]): OfferedVariant => {
    const named = { _id: new Types.ObjectId(), productId: new Types.ObjectId(), sku: title, title };
    const otherPrices = others.map((other) => ({ currency: other, price: 5_00 }));
    const product = { slug: title, title: 'Thing' };
    const gone = archived.includes(title) ? { archivedAt: new Date(0) } : {};
    return { ...named, price: 9_00, currency, otherPrices, stock: 1, product, ...gone };
  });
  const items = variants.map(({ _id }) => ({ variantId: _id, quantity: 1, unitPrice: 9_00 }));
  return { cart: { items }, variants: new Map(variants.map((variant) => [String(variant._id), variant])) };
}

test.each<[string, Record<string, readonly Currency[]>, string | null]>([
  ['nothing is missing', { A: ['USD'], B: ['NGN', 'USD'] }, null],
  [
    'one line, and all have another currency',
    { A: ['NGN', 'USD'], B: ['NGN'] },
    '“Thing, B” has no price in USD; pay in NGN, or take it out',
  ],
  [
    'several lines',
    { A: ['NGN', 'USD'], B: ['NGN'], C: ['NGN'] },
    '2 of its items have no price in USD; pay in NGN, or take them out',
  ],
  [
    'no currency is common',
    { A: ['USD'], B: ['NGN'] },
    'its items are priced in NGN and USD; keep those of one currency',
  ],
  ['the shop takes no orders in the other', { A: ['GHS'] }, '“Thing, A” has no price in USD; take it out'],
])('a cart in dollars, %s', (_, sold, text) => {
  const { cart, variants } = cartOf(sold);
  expect(unpricedText(cart, 'USD', variants, FEES)).toBe(text);
});

test('lines that are not for sale decide nothing about the currency', () => {
  const { cart, variants } = cartOf({ A: ['NGN', 'USD'], B: ['NGN'] }, ['B']);
  expect(unpricedText(cart, 'USD', variants, FEES)).toBeNull();
  expect(currenciesOf(cart, 'USD', variants, FEES)).toEqual(['USD', 'NGN']);
  const gone = cartOf({ B: ['NGN', 'USD'] }, ['B']);
  expect(currenciesOf(gone.cart, 'NGN', gone.variants, FEES)).toEqual(['NGN']);
});

test('a currency without a fee is none that can be paid in, also the cart’s own', () => {
  const { cart, variants } = cartOf({ A: ['GHS', 'USD'] });
  expect(currenciesOf(cart, 'GHS', variants, FEES)).toEqual(['USD']);
});
