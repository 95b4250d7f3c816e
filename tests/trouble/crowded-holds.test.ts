/** Crowds at the last units of a shop that reserves stock at checkout (STOCK_HOLD_MINUTES). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ADDRESS,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  newCheckoutKey,
  pay,
  type Shop,
  startTestShop,
  stockOf,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop({ env: { STOCK_HOLD_MINUTES: '15' } });
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

test('a hundred shoppers at once for the last unit: one may pay, 99 are refused before paying', async () => {
  const item = await stockVariant(shop.db, { stock: 1 });
  const shoppers = await Promise.all(Array.from({ length: 100 }, () => shop.signUp()));
  await Promise.all(
    shoppers.map(({ client }) => client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 })),
  );
  const tries = await Promise.all(
    shoppers.map(async ({ client }) => {
      const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
      for (;;) {
        const page = await client.orders.initializePayment.mutate(input).catch((error: unknown) => error);
        if (!(page instanceof Error)) return { page };
        const refused = await errorCodeOf(Promise.reject(page));
        // On a busy machine the last in the queue get OVERLOADED. They retry with the same key.
        if (refused !== 'OVERLOADED') return { refused };
      }
    }),
  );
  const pages = tries.flatMap((one) => ('page' in one && one.page ? [one.page] : []));
  expect(pages).toHaveLength(1);
  expect(new Set(tries.flatMap((one) => ('refused' in one ? [one.refused] : [])))).toEqual(
    new Set(['INSUFFICIENT_STOCK']),
  );
  expect(await stockOf(shop, item)).toEqual({ stock: 0, reserved: 1 });
  const [order, ...more] = await shop.db.orders.find({ 'items.variantId': item.variantId }).lean();
  expect(more).toEqual([]);
  await pay(shop, order?.txRef ?? '');
  await work(shop);
  expect(await stockOf(shop, item)).toEqual({ stock: 0, reserved: 0 });
});

test('many shoppers for several units never hold more than there are', async () => {
  const item = await stockVariant(shop.db, { stock: 10 });
  const shoppers = await Promise.all(Array.from({ length: 12 }, () => shop.signUp()));
  const tries = await Promise.allSettled(shoppers.map((shopper) => checkOut(shop, { shopper, item, quantity: 3 })));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await stockOf(shop, item)).toEqual({ stock: 1, reserved: 9 });
});

// Hundreds of checkouts of one variant made each other start over until all were refused.

const SHOPPERS = 80;
const UNITS = 20;

test('of many concurrent checkouts that reserve the same variant, each is served or refused at the first attempt', async () => {
  const shop = await startTestShop({ config: { stockHoldMinutes: 15 } });
  try {
    const { variantId } = await stockVariant(shop.db, { stock: UNITS });
    const shoppers = await Promise.all(Array.from({ length: SHOPPERS }, () => shop.signUp()));
    await Promise.all(shoppers.map(({ client }) => client.cart.addItem.mutate({ variantId, quantity: 1 })));
    const outcomes = await Promise.all(
      shoppers.map(async ({ client }) => {
        const call = client.orders.initializePayment.mutate({
          shippingAddress: ADDRESS,
          checkoutKey: newCheckoutKey(),
        });
        return call.then(
          () => 'served',
          () => errorCodeOf(call),
        );
      }),
    );
    const refused = outcomes.filter((outcome) => outcome !== 'served');
    expect(new Set(refused)).toEqual(new Set(['INSUFFICIENT_STOCK']));
    expect(refused).toHaveLength(SHOPPERS - UNITS);
  } finally {
    await shop.stop();
  }
});
