/** A bug once: with holds, hundreds of checkouts of one variant made each other start over until all were told to come again. */
import { expect, test } from '@jest/globals';
import { Bulkhead } from '../../models/bulkhead.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { ADDRESS, errorCodeOf, newCheckoutKey, startTestShop } from '../support/shopping.ts';

const SHOPPERS = 80;
const UNITS = 20;

test('of many checkouts at once that hold the same goods, each is served or refused at the first try', async () => {
  const shop = await startTestShop({ config: { stockHoldMinutes: 15 } });
  try {
    const { variantId } = await stockGoods(shop.db, { stock: UNITS });
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

test('a turnstile lets in as many as it is wide, in the order they came, also after a failure', async () => {
  const turnstile = new Bulkhead(1, 10);
  const seen: string[] = [];
  const visitor = (name: string) =>
    turnstile.run(async () => {
      seen.push(`${name} in`);
      await Promise.resolve();
      seen.push(`${name} out`);
      if (name === 'b') throw new Error(name);
    }, Number.POSITIVE_INFINITY);
  const results = await Promise.allSettled(['a', 'b', 'c'].map(visitor));
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
