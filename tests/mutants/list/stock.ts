/** Stock, carts and checkouts: oversold, lost or never released units, and unwanted orders. */
import type { Mutant } from '../mutant.ts';

const checkout = { project: 'component', file: 'tests/component/checkout.test.ts' };

export const STOCK_MUTANTS: readonly Mutant[] = [
  {
    id: 'variants-unsorted',
    what: 'variants are updated in the order of the cart, not of their ids',
    edits: [
      {
        file: 'models/settlement/decide-settlement.ts',
        find: 'const sorted = [...takes].sort(([a], [b]) => (a < b ? -1 : 1));',
        replace: 'const sorted = [...takes];',
      },
    ],
    caughtBy: {
      project: 'property',
      file: 'tests/property/decide-settlement.test.ts',
      testNamePattern: 'each variant is taken from once, ids sorted',
    },
  },
  {
    id: 'short-by-one',
    what: 'the last unit is never sold',
    edits: [
      {
        file: 'models/settlement/decide-settlement.ts',
        find: 'taken(id).fromStock + quantity <= (stock.get(id) ?? 0)',
        replace: 'taken(id).fromStock + quantity < (stock.get(id) ?? 0)',
      },
    ],
    caughtBy: {
      project: 'property',
      file: 'tests/property/decide-settlement.test.ts',
      testNamePattern: 'first come, first served',
    },
  },
  {
    id: 'hold-outlives-order',
    what: 'an expired order keeps its reserved units',
    edits: [
      {
        file: 'models/fulfilment/cancel-order.ts',
        find: 'const stock = releases ? released(order) : rest;',
        replace: "const stock = releases && reason !== 'expired' ? released(order) : rest;",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/stock-hold.test.ts',
      testNamePattern: 'a reservation that expires unpaid releases its units once, and the email gives the reason',
    },
  },
  {
    id: 'restock-off-the-books',
    what: 'units are restocked without a row in the ledger',
    edits: [
      {
        file: 'models/catalogue/return-stock.ts',
        find: 'for (const movement of movementsOf(orderId, returns, actor, now))',
        replace: 'for (const movement of movementsOf(orderId, [], actor, now))',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/hearing-of-money.test.ts',
      testNamePattern: 'a webhook replayed a month later changes nothing',
    },
  },
  {
    id: 'adjusted-below-zero',
    what: 'staff can reduce the stock below zero',
    edits: [
      {
        file: 'models/catalogue/edit-catalogue.ts',
        find: 'stock: { $gte: -delta, $lte: MAX_STOCK - delta }',
        replace: 'stock: { $lte: MAX_STOCK - delta }',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/admin-catalog.test.ts',
      testNamePattern: 'never goes below 0: the refusal says what is there',
    },
  },
  {
    id: 'cart-kept',
    what: 'bought items stay in the cart',
    edits: [
      {
        file: 'models/settlement/settlement-writes.ts',
        find: '  await takeBoughtOutOfCarts(db, purchases, session);\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/buying.test.ts',
      testNamePattern: 'a paid cart becomes a confirmed order: its stock is taken, its cart emptied',
    },
  },
  {
    id: 'cart-emptied-whole',
    what: 'items that were added after checkout are removed from the cart too',
    edits: [
      {
        file: 'models/settlement/clear-carts.ts',
        find: 'if (left.items.length === 0) emptied.push(cart._id);',
        replace: 'if (left.items.length >= 0) emptied.push(cart._id);',
      },
    ],
    caughtBy: { ...checkout, testNamePattern: 'what was added to the cart later stays in it' },
  },
  {
    id: 'checkout-key-unread',
    what: 'a checkoutKey can be reused with another address',
    edits: [
      {
        file: 'models/checkout/find-by-checkout-key.ts',
        find: '!isSameHash(order.checkoutInputHash, hashOf(asPlaced(order, input))) || !sameTotal',
        replace: '!sameTotal',
      },
    ],
    caughtBy: { ...checkout, testNamePattern: 'with another address or another total is refused' },
  },
  {
    id: 'price-shown-ignored',
    what: 'a checkout succeeds at a price that the shopper did not see',
    edits: [
      {
        file: 'models/checkout/compose-order.ts',
        find: 'isSeen && expectedTotal === total',
        replace: 'isSeen && expectedTotal <= total',
      },
    ],
    caughtBy: { ...checkout, testNamePattern: 'at a total that is no longer right is refused with the new one' },
  },
  {
    id: 'unpaid-without-end',
    what: 'a shopper can have any number of unpaid orders',
    edits: [
      {
        file: 'models/contract/limits.ts',
        find: 'MAX_UNPAID_ORDERS = 5;',
        replace: 'MAX_UNPAID_ORDERS = 5_000;',
      },
    ],
    caughtBy: { ...checkout, testNamePattern: 'a sixth order while five are unpaid is refused' },
  },
  {
    id: 'orders-expire-for-good',
    what: 'mongod deletes expired orders',
    edits: [
      {
        file: 'models/order/order-schema.ts',
        find: 'orderSchema.index({ status: 1, _id: -1 });',
        replace:
          'orderSchema.index({ status: 1, _id: -1 });\norderSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/database-guards.test.ts',
      testNamePattern: 'TTL indexes exist only for',
    },
  },
];
