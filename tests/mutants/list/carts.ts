/** Carts and receipts: a visitor's lines that are lost, a notice that is used up, a receipt of nothing. */
import type { Mutant } from '../mutant.ts';

const lines = { project: 'unit', file: 'tests/unit/guest-lines.test.ts' };

export const CART_MUTANTS: readonly Mutant[] = [
  {
    id: 'total-of-what-cannot-be-had',
    what: 'the total of a cart counts units that are sold out',
    edits: [
      {
        file: 'models/cart/cart-view.ts',
        find: '({ unitPrice, quantity: available })',
        replace: '({ unitPrice, quantity: Math.max(available, 9) })',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/cart.test.ts',
      testNamePattern: 'is in no total',
    },
  },
  {
    id: 'seen-price-not-stored',
    what: 'a changed price is reported for ever, also once it was shown',
    edits: [
      {
        file: 'models/cart/change-cart.ts',
        find: 'return isNew ? contentsOf(items, cart.currency) : cart;',
        replace: 'return isNew ? cart : contentsOf(items, cart.currency);',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/cart.test.ts',
      testNamePattern: 'a change is reported until the shopper was shown it',
    },
  },
  {
    id: 'receipt-of-missing-letters',
    what: 'characters that the receipt’s font lacks vanish from it',
    edits: [
      {
        file: 'server/documents/page-writer.ts',
        find: 'withBoxes(text, (codePoint) => hasGlyph(document, codePoint))',
        replace: 'withBoxes(text, (codePoint) => hasGlyph(document, codePoint) || codePoint > 0)',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/receipt.test.ts',
      testNamePattern: 'each other character is a box',
    },
  },
  {
    id: 'receipt-words-in-wrong-order',
    what: 'the words of an Arabic name stand in reverse on the receipt',
    edits: [
      {
        file: 'server/documents/bidi-text.ts',
        find: '  return reordered(runs)\n',
        replace: '  return runs\n',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/receipt.test.ts',
      testNamePattern: 'is placed from left to right by its runs',
    },
  },
  {
    id: 'seen-price-lost-at-sign-in',
    what: 'a price that changed before the sign-in is not told after it',
    edits: [
      {
        file: 'models/cart/ensure-lines.ts',
        find: 'price: seen ?? price',
        replace: 'price: seen === undefined ? price : price',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/cart-ensure.test.ts',
      testNamePattern: 'a price that changed since the visitor saw it',
    },
  },
  {
    id: 'taken-lines-dropped-blindly',
    what: 'a quantity that another tab sets during the sign-in is lost',
    edits: [
      {
        file: 'client-sdk/storefront/src/data/guest-lines.ts',
        find: 'line.variantId === variantId && line.quantity === quantity',
        replace: 'line.variantId === variantId && quantity > 0',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'keeps what another tab has changed while the shop took the lines over' },
  },
  {
    id: 'stored-lines-trusted',
    what: 'a spoilt line in the storage makes the shop refuse the whole cart',
    edits: [
      {
        file: 'client-sdk/storefront/src/data/guest-lines.ts',
        find: 'value.filter(isGuestLine)',
        replace: '(value as GuestLine[])',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'any text in the storage gives lines that the shop takes' },
  },
  {
    id: 'receipt-before-payment',
    what: 'an order that nobody has paid has a receipt',
    edits: [
      {
        file: 'server/rest/receipts.ts',
        find: 'if (money === null)',
        replace: "if (money === null && status === 'cancelled')",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/rest-routes.test.ts',
      testNamePattern: 'receipt.pdf is a PDF named by the order, to its customer, once it is paid',
    },
  },
];
