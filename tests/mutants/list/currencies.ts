/** Several prices on a variant: the number of one currency taken for another's. */
import type { Mutant } from '../mutant.ts';

const prices = { project: 'component', file: 'tests/component/other-prices.test.ts' };
const staff = { project: 'component', file: 'tests/component/staff-prices.test.ts' };

export const CURRENCY_MUTANTS: readonly Mutant[] = [
  {
    id: 'number-of-another-currency',
    what: 'without a price in the cart’s currency the own number is taken',
    edits: [
      {
        file: 'models/contract/pricing/price-in.ts',
        find: '?.amount ?? null;',
        replace: '?.amount ?? offer.price;',
      },
    ],
    caughtBy: { ...prices, testNamePattern: 'is no other currency’s number' },
  },
  {
    id: 'seen-in-another-currency',
    what: 'a price that was seen in another currency is kept as the line’s',
    edits: [
      {
        file: 'models/cart/ensure-lines.ts',
        find: 'return (chosen ?? offer?.currency ?? currency) === currency;',
        replace: 'return true;',
      },
    ],
    caughtBy: { ...prices, testNamePattern: 'have changed in price only if they were seen in that currency' },
  },
  {
    id: 'prices-seen-of-another-cart',
    what: 'prices shown in another currency are stored as seen in the cart',
    edits: [
      {
        file: 'models/cart/change-cart.ts',
        find: '    if (seen.currency !== undefined && seen.currency !== cart.currency) return cart;\n',
        replace: '',
      },
    ],
    caughtBy: { ...prices, testNamePattern: 'those in another one are left out' },
  },
  {
    id: 'currency-of-unread-lines',
    what: 'a line that came in meanwhile loses its price with the currency',
    edits: [
      {
        file: 'models/cart/set-currency.ts',
        find: 'return isRead ? withCurrency(cart, currency, variants, fees) : cart;',
        replace: 'isRead = true;\n      return withCurrency(cart, currency, variants, fees);',
      },
    ],
    caughtBy: { ...prices, testNamePattern: 'is changed for a line that was put in meanwhile' },
  },
  {
    id: 'total-of-another-currency',
    what: 'an order is made for the number that was seen in another currency',
    edits: [
      {
        file: 'models/checkout/compose-order.ts',
        find: '(isSeen && expectedTotal === total)',
        replace: 'expectedTotal === total',
      },
    ],
    caughtBy: { ...prices, testNamePattern: 'is not made for the same number in another currency' },
  },
  {
    id: 'unpriced-line-counted',
    what: 'a line that lost its price counts with the last number seen',
    edits: [
      { file: 'models/cart/cart-view.ts', find: 'isPriced && line.available > 0', replace: 'line.available > 0' },
    ],
    caughtBy: { ...prices, testNamePattern: 'is no other currency’s number' },
  },
  {
    id: 'empty-cell-takes-prices-out',
    what: 'a file without a cell for other prices takes them out',
    edits: [
      {
        file: 'models/catalogue/import/read-import.ts',
        find: "if (text === '') return undefined;",
        replace: "if (text === '') return [];",
      },
    ],
    caughtBy: { ...staff, testNamePattern: 'kept by an empty cell and taken out by' },
  },
  {
    id: 'price-beside-itself',
    what: 'another price may be in the currency of the own one',
    edits: [
      {
        file: 'models/catalogue/prices/other-prices.ts',
        find: 'other.currency === currency',
        replace: 'other.currency === null',
      },
    ],
    caughtBy: { ...staff, testNamePattern: 'are refused and change nothing' },
  },
];
