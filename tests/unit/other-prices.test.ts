/** Prices in other currencies as files and forms hold them: what goes out goes in, and every fault has words. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { priceEffects, readOtherPrices, storedPriceFields } from '../../client-sdk/desk/src/data/other-prices.ts';
import { readImport } from '../../models/catalogue/import/read-import.ts';
import { isSamePrices, otherPricesText, storedPrices } from '../../models/catalogue/prices/other-prices.ts';
import { MAX_PRICE } from '../../models/contract/limits.ts';
import { CURRENCIES, toDecimal } from '../../models/contract/money.ts';

const cells = { product: 'pot', title: '', category: '', description: '', sku: 'POT', variant: '', price: '' };
const read = (otherPrices: string) => {
  const [product] = readImport([{ ...cells, row: 1, currency: '', stock: '', otherPrices }]);
  return { prices: product?.variants[0]?.otherPrices, faults: product?.faults.map(({ message }) => message) };
};
const prices = fc.uniqueArray(
  fc.record({ currency: fc.constantFrom(...CURRENCIES), price: fc.integer({ min: 1, max: MAX_PRICE }) }),
  { minLength: 1, maxLength: CURRENCIES.length - 1, selector: ({ currency }) => currency },
);

describe('in a file', () => {
  test('the text of any prices gives the same prices', () => {
    fc.assert(
      fc.property(prices, (all) => {
        const text = all.map(({ currency, price }) => `${currency} ${toDecimal(price, currency)}`).join(', ');
        expect(read(text)).toEqual({ prices: all, faults: [] });
      }),
    );
  });

  test('an empty cell says nothing, and “none” that there are none', () => {
    expect(read(' ')).toEqual({ prices: undefined, faults: [] });
    expect(read('None')).toEqual({ prices: [], faults: [] });
  });

  test.each([
    ['20.00', /^otherPrices: must be prices with their currencies, like USD 20.00, GHS 300.00, not "20.00"$/],
    ['USD 20, USD 30', /^otherPrices: names USD twice$/],
    ['EUR 5', /^otherPrices: names EUR, which is not one of NGN, GHS/],
    ['USD 0', /^otherPrices: must be at least 0.01$/],
    ['USD -5', /not "USD -5"$/],
    ['USD 1,500', /not "500"$/],
    ['USD 1.999', /not "USD 1.999"$/],
    ['USD 999999999', /not "USD 999999999"$/],
  ])('%s is a fault in words, and no price', (text, words) => {
    const { prices: found, faults } = read(text);
    expect(found).toBeUndefined();
    expect(faults).toEqual([expect.stringMatching(words)]);
  });
});

describe('in a form', () => {
  const others = ['USD', 'GHS'] as const;
  const filled = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };

  test('fields hold the stored prices, and reading them changes nothing', () => {
    const stored = [{ currency: 'USD' as const, price: 20_50 }];
    const fields = storedPriceFields(stored, others);
    expect(fields).toEqual({ 'price.USD': '20.50', 'price.GHS': '' });
    expect(readOtherPrices(filled(fields), '', others)).toEqual({ value: stored });
  });

  test.each(['0', '-1', '2O', '1.999', '100000000.01'])('%s is refused beside its field', (text) => {
    expect(readOtherPrices(filled({ 'v1.price.USD': text }), 'v1.', others)).toEqual({
      errors: { 'v1.price.USD': expect.any(String) },
    });
  });

  test('each change is said in sums', () => {
    const before = [
      { currency: 'USD' as const, price: 18_00 },
      { currency: 'KES' as const, price: 900_00 },
      { currency: 'ZAR' as const, price: 400_00 },
    ];
    const after = [
      { currency: 'USD' as const, price: 20_00 },
      { currency: 'GHS' as const, price: 300_00 },
      { currency: 'ZAR' as const, price: 400_00 },
    ];
    expect(priceEffects(before, after)).toEqual([
      '$18.00 → $20.00, also in carts',
      'Also sold for GH₵300.00',
      'No price in Kenyan shillings any more: carts in it cannot be ordered',
    ]);
    expect(priceEffects(before, before)).toEqual([]);
  });
});

test('prices are stored by code, whichever order they come in, and missing where there are none', () => {
  const given = [
    { currency: 'USD' as const, price: 20_00 },
    { currency: 'GHS' as const, price: 300_00 },
  ];
  expect(storedPrices(given).otherPrices?.map(({ currency }) => currency)).toEqual(['GHS', 'USD']);
  expect(storedPrices([])).toEqual({});
  expect(otherPricesText(given)).toBe('GH₵300.00, $20.00');
  expect(otherPricesText([])).toBe('none');
  expect(isSamePrices(given, [...given].reverse())).toBe(true);
  expect(isSamePrices(given, given.slice(1))).toBe(false);
  expect(isSamePrices(undefined, [])).toBe(true);
});
