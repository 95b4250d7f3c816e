/**
 * Too much to do, and a database that has stopped answering: every request gets an early or a timely 503, what earns money is
 * shed last, health and webhooks answer, and all is well as soon as the trouble is over (D5).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sign } from '../../server/paystack/signature.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { get, post, type RawReply, send } from '../support/raw-trpc.ts';
import {
  ADDRESS,
  checkOut,
  expectBooksInOrder,
  newCheckoutKey,
  pay,
  type Shop,
  startTestShop,
  work,
} from '../support/shopping.ts';
import { PAYSTACK_KEY, type SignedIn } from '../support/test-app.ts';

let mongo: FaultyMongo;
let shop: Shop;
let shopper: SignedIn;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  const env = { MONGODB_URI: mongo.uri, MAX_IN_FLIGHT: '20' };
  shop = await startTestShop({ env, context: { appName: VICTIM } });
  shopper = await shop.signUp();
});
afterAll(async () => {
  await shop.stop();
  await mongo.stop();
});

/** Every command of the shop takes so much longer. */
const slowDown = (blockTimeMS: number) =>
  mongo.fail({
    failCommands: ['find', 'aggregate', 'findAndModify', 'update', 'insert'],
    blockConnection: true,
    blockTimeMS,
  });

/** tRPC's errors have their code in `data`, REST's by themselves. */
function shown({ status, body, headers }: RawReply): [number, string, boolean] {
  const { code, details } = body.error.data ?? body.error;
  return [status, code, Number(headers.get('retry-after') ?? 0) > 0 || details?.retryAfterMs > 0];
}

test('a database blocked for seconds: 503 by the deadline, in the shape that clients read; it heals by itself', async () => {
  const checkout = await checkOut(shop);
  const { token } = shopper;
  await slowDown(7_000);
  const startedAt = performance.now();
  const replies = await Promise.all([
    get(shop.url, 'catalog.products', {}),
    get(shop.url, 'cart.get', undefined, { token }),
    get(shop.url, 'orders.list', {}, { token }),
    post(shop.url, 'orders.initializePayment', { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() }, { token }),
    send(`${shop.url}/orders/${checkout.orderId}`, {}, { token: checkout.shopper.token }),
    send(`${shop.url}/orders/verify-payment/${checkout.txRef}`, { headers: { accept: 'application/json' } }),
  ]);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(replies.map(shown)).toEqual(Array(6).fill([503, 'OVERLOADED', true]));
  expect((await fetch(`${shop.url}/livez`)).status).toBe(200);
  const readiness = await fetch(`${shop.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toEqual({ status: 'not ready', failed: ['database', 'paidOrders', 'emails'] });
  const metrics = await (await fetch(`${shop.url}/metrics`)).text();
  expect(metrics).toContain('\nbacklog_read 0\n');
  expect(metrics).toContain('backlog_oldest_seconds{kind="paid_order"} Nan');

  await mongo.heal();
  const isReady = async () => {
    // Past the time for which an answer is shared.
    shop.clock.advance(1_000);
    return (await fetch(`${shop.url}/readyz`)).ok;
  };
  await eventually('the shop to be ready', isReady, 20_000);
  expect((await get(shop.url, 'orders.list', {}, { token })).status).toBe(200);
  await pay(shop, checkout.txRef);
  await work(shop);
  await expectBooksInOrder(shop);
}, 60_000);

interface Kind {
  name: string;
  /** How many ask for it, again and again. */
  visitors: number;
  ask: () => Promise<{ status: number }>;
}

/** Together they are more than the 20 that are let in; without the catalogue they are not. */
function kinds(): Kind[] {
  const { token } = shopper;
  const event = JSON.stringify({ event: 'charge.success', data: { reference: 'ord-NOBODY-1' } });
  const headers = { 'x-paystack-signature': sign(Buffer.from(event), PAYSTACK_KEY) };
  return [
    { name: 'catalogue', visitors: 8, ask: () => get(shop.url, 'catalog.products', {}) },
    { name: 'cart', visitors: 8, ask: () => get(shop.url, 'cart.get', undefined, { token }) },
    { name: 'checkout', visitors: 8, ask: () => get(shop.url, 'orders.list', {}, { token }) },
    {
      name: 'webhook',
      visitors: 2,
      ask: () => fetch(`${shop.url}/webhooks/paystack`, { method: 'POST', body: event, headers }),
    },
    { name: 'health', visitors: 1, ask: () => fetch(`${shop.url}/livez`) },
  ];
}

const MOST_PAUSE_MS = 40;

interface Tally {
  asked: number;
  refusedMs: number[];
  strange: string[];
}

async function besiege({ visitors, ask }: Kind, untilAt: number): Promise<Tally> {
  const tally: Tally = { asked: 0, refusedMs: [], strange: [] };
  const visit = async () => {
    while (performance.now() < untilAt) {
      const startedAt = performance.now();
      const { status } = await ask();
      tally.asked += 1;
      if (status === 503) tally.refusedMs.push(performance.now() - startedAt);
      else if (status !== 200) tally.strange.push(String(status));
      // Of chance: all wait for the same slowed commands, and would come in step, those who were served behind those who were not.
      await delay(Math.random() * MOST_PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: visitors }, visit));
  return tally;
}

test('more than fit in are shed early and in order: catalogue, carts, checkout; webhooks and health still get through', async () => {
  await slowDown(150);
  const untilAt = performance.now() + 4_000;
  const tallies = await Promise.all(kinds().map(async (kind) => ({ ...kind, ...(await besiege(kind, untilAt)) })));
  await mongo.heal();
  expect(tallies.flatMap(({ strange }) => strange)).toEqual([]);
  const shareShed = (of: string) => {
    const { asked = 0, refusedMs = [] } = tallies.find(({ name }) => name === of) ?? {};
    return refusedMs.length / asked;
  };
  expect(shareShed('catalogue')).toBeGreaterThan(shareShed('cart'));
  expect(shareShed('cart')).toBeGreaterThan(shareShed('checkout'));
  expect([shareShed('webhook'), shareShed('health')]).toEqual([0, 0]);
  const refusedMs = tallies.flatMap((tally) => tally.refusedMs).sort((a, b) => a - b);
  expect(refusedMs[Math.floor(refusedMs.length / 2)]).toBeLessThan(1_000);
  const refused = await shop.ctx.events.registry.getSingleMetric('requests_refused_total')?.get();
  expect(refused?.values.find(({ labels }) => labels.kind === 'shed')?.value).toBe(refusedMs.length);
  expect((await get(shop.url, 'catalog.products', {})).status).toBe(200);
}, 60_000);
