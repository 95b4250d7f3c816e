/** A hundred paid orders for one unit (C4). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  type Checkout,
  checkOut,
  expectAllConsistent,
  finishRefunds,
  orderOf,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

test('a hundred shoppers pay for the last unit: one order is confirmed and 99 are refunded once', async () => {
  const item = await stockVariant(shop.db, { stock: 1 });
  const checkouts: Checkout[] = [];
  for (let batch = 0; batch < 10; batch += 1) {
    checkouts.push(...(await Promise.all(Array.from({ length: 10 }, () => checkOut(shop, { item: item })))));
  }
  for (const { txRef } of checkouts) shop.sandbox.pay(txRef, { webhook: 'duplicate' });
  await shop.sandbox.webhooksIdle();
  await Promise.all([runSettlementOnce(shop.ctx), runSettlementOnce(shop.ctx), runSettlementOnce(shop.ctx)]);
  await work(shop);
  await finishRefunds(shop);
  const orders = await Promise.all(checkouts.map((checkout) => orderOf(shop, checkout)));
  expect(orders.filter(({ status }) => status === 'confirmed')).toHaveLength(1);
  expect(orders.filter(({ status }) => status === 'cancelled')).toHaveLength(99);
  expect(await stockOf(shop, item)).toEqual({ stock: 0, reserved: 0 });
  const given = checkouts.map(({ txRef }) => refundsAtPaystack(shop, txRef));
  expect(given.filter((refunds) => refunds.length === 1 && refunds[0]?.status === 'processed')).toHaveLength(99);
  expect(given.filter((refunds) => refunds.length === 0)).toHaveLength(1);
  await expectAllConsistent(shop);
});
