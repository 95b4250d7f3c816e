/** A flash sale of 300 shoppers behind one address whose browsers all come back from paying: every return is a page, at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensurePages } from '../../dev/start/built-pages.ts';
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
  const { storefrontDir } = await ensurePages(() => undefined);
  if (storefrontDir === null) throw new Error('the storefront cannot be built');
  // The limits of production.
  shop = await startTestShop({ env: { CALLS_PER_MINUTE: '300', MAX_IN_FLIGHT: '200' }, storefrontDir });
  shop.ctx.config.storefrontUrl = shop.url;
}, 180_000);
afterAll(() => shop.stop());

test('300 returns within twenty seconds from one address all lead to the page of their order, half of them within a second', async () => {
  const item = await stockVariant(shop.db, { stock: UNITS });
  const orders: { txRef: string; code: string }[] = [];
  const checkOut = async () => {
    const { client } = await shop.signUp();
    await client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
    const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
    orders.push(await client.orders.initializePayment.mutate(input));
  };
  // Ten at a time: the test is about the returns.
  while (orders.length < SHOPPERS) await Promise.all(Array.from({ length: 10 }, checkOut));
  // They pay and return within some twenty seconds, each webhook at the same time as the browser.
  const returns = await Promise.all(
    orders.map(async ({ txRef, code }, place) => {
      await delay(place * 60);
      shop.sandbox.pay(txRef);
      return { code, ...(await comeBack(txRef)) };
    }),
  );

  expect(returns.filter(({ isJson }) => isJson)).toEqual([]);
  expect(new Set(returns.map(({ status }) => status))).toEqual(new Set([303]));
  // Behind each: the order's page, which says to a browser without the session what became of the payment.
  expect(new Set(returns.map(({ page }) => `${page.status} ${page.type}`))).toEqual(
    new Set(['200 text/html; charset=utf-8']),
  );
  expect(returns.filter(({ page, code }) => !page.html.includes(code))).toEqual([]);
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

/** Until the page that the return leads to is read. */
async function comeBack(reference: string) {
  const startedAt = performance.now();
  const reply = await visit(
    `${shop.url}/orders/verify-payment/${reference}?trxref=${reference}&reference=${reference}`,
  );
  const page = await visit(reply.location);
  const isJson = [reply, page].some(({ type }) => type.includes('json'));
  return { status: reply.status, page, isJson, tookMs: performance.now() - startedAt };
}

async function visit(address: string) {
  const reply = await fetch(address, {
    redirect: 'manual',
    headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
  });
  return {
    status: reply.status,
    type: reply.headers.get('content-type') ?? '',
    location: reply.headers.get('location') ?? address,
    html: await reply.text(),
  };
}
