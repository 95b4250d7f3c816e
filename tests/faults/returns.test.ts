/** A flash sale of 300 shoppers behind one address whose browsers all come back from paying: every return is a page, at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noteFigure } from '../support/figures.ts';
import {
  ADDRESS,
  expectAllConsistent,
  finishRefunds,
  newCheckoutKey,
  type Shop,
  startTestShop,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

const SHOPPERS = 300;
const UNITS = 50;

let shop: Shop;
beforeAll(async () => {
  // The limits of production.
  shop = await startTestShop({ env: { CALLS_PER_MINUTE: '300', MAX_IN_FLIGHT: '200' } });
});
afterAll(() => shop.stop());

test('300 returns within twenty seconds from one address are all sent to their orders, half of them within a second', async () => {
  const item = await stockVariant(shop.db, { stock: UNITS });
  const references: string[] = [];
  const checkOut = async () => {
    const { client } = await shop.signUp();
    await client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
    const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
    references.push((await client.orders.initializePayment.mutate(input)).txRef);
  };
  // Ten at a time: the test is about the returns.
  while (references.length < SHOPPERS) await Promise.all(Array.from({ length: 10 }, checkOut));
  // They pay and return within some twenty seconds, each webhook at the same time as the browser.
  const returns = await Promise.all(
    references.map(async (reference, place) => {
      await delay(place * 60);
      shop.sandbox.pay(reference);
      return comeBack(reference);
    }),
  );

  expect(returns.filter(({ isJson }) => isJson)).toEqual([]);
  expect(new Set(returns.map(({ status }) => status))).toEqual(new Set([303]));
  const medianMs = returns.map(({ tookMs }) => tookMs).sort((a, b) => a - b)[SHOPPERS / 2] ?? Number.NaN;
  noteFigure('300 returns', { medianMs });
  expect(medianMs).toBeLessThan(1_000);

  await shop.sandbox.webhooksIdle();
  await work(shop);
  await finishRefunds(shop);
  expect(await shop.db.orders.countDocuments({ status: 'confirmed' })).toBe(UNITS);
  expect(await shop.db.orders.countDocuments({ status: 'cancelled' })).toBe(SHOPPERS - UNITS);
  await expectAllConsistent(shop);
}, 120_000);

async function comeBack(reference: string) {
  const startedAt = performance.now();
  const reply = await fetch(
    `${shop.url}/orders/verify-payment/${reference}?trxref=${reference}&reference=${reference}`,
    {
      redirect: 'manual',
      headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
    },
  );
  await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json') === true;
  return { status: reply.status, isJson, tookMs: performance.now() - startedAt };
}
