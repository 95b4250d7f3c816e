/** Load shedding: a blocked database and more requests than the limit (D5). */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sign } from '../../server/paystack/signature.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { get, post, type RawReply, send } from '../support/raw-trpc.ts';
import {
  ADDRESS,
  checkOut,
  expectAllConsistent,
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

const slowDown = (blockTimeMS: number) =>
  mongo.fail({
    failCommands: ['find', 'aggregate', 'findAndModify', 'update', 'insert'],
    blockConnection: true,
    blockTimeMS,
  });

/** Errors of tRPC have the code in `data`, those of REST at the top. */
function refusalOf({ status, body, headers }: RawReply): [number, string, boolean] {
  const { code, details } = body.error.data ?? body.error;
  return [status, code, Number(headers.get('retry-after') ?? 0) > 0 || details?.retryAfterMs > 0];
}

test('while the database is blocked, calls get 503 OVERLOADED by their deadlines; afterwards the server recovers by itself', async () => {
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
  expect(replies.map(refusalOf)).toEqual(Array(6).fill([503, 'OVERLOADED', true]));
  expect((await fetch(`${shop.opsUrl}/livez`)).status).toBe(200);
  const readiness = await fetch(`${shop.opsUrl}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toEqual({ status: 'not ready', failed: ['database'] });
  const metrics = await (await fetch(`${shop.opsUrl}/metrics`)).text();
  expect(metrics).toContain('\nbacklog_read 0\n');
  expect(metrics).toContain('backlog_oldest_seconds{kind="paid_order"} Nan');

  await mongo.heal();
  const isReady = async () => {
    // Past the cache time of the readiness check.
    shop.clock.advance(1_000);
    return (await fetch(`${shop.opsUrl}/readyz`)).ok;
  };
  await eventually('the shop to be ready', isReady, 20_000);
  expect((await get(shop.url, 'orders.list', {}, { token })).status).toBe(200);
  await pay(shop, checkout.txRef);
  await work(shop);
  await expectAllConsistent(shop);
}, 60_000);

interface Kind {
  name: string;
  /** Clients that send again and again. */
  visitors: number;
  call: () => Promise<{ status: number }>;
}

/** Together they exceed the limit of 20; without the catalogue they do not. */
function kinds(): Kind[] {
  const { token } = shopper;
  const event = JSON.stringify({ event: 'charge.success', data: { reference: 'ord-NOBODY-1' } });
  const headers = { 'x-paystack-signature': sign(Buffer.from(event), PAYSTACK_KEY) };
  return [
    { name: 'catalogue', visitors: 8, call: () => get(shop.url, 'catalog.products', {}) },
    { name: 'cart', visitors: 8, call: () => get(shop.url, 'cart.get', undefined, { token }) },
    { name: 'checkout', visitors: 8, call: () => get(shop.url, 'orders.list', {}, { token }) },
    {
      name: 'webhook',
      visitors: 2,
      call: () => fetch(`${shop.url}/webhooks/paystack`, { method: 'POST', body: event, headers }),
    },
    { name: 'health', visitors: 1, call: () => fetch(`${shop.opsUrl}/livez`) },
  ];
}

const MOST_PAUSE_MS = 40;

interface Counts {
  sent: number;
  refusedMs: number[];
  unexpected: string[];
}

async function sendUntil({ visitors, call }: Kind, untilAt: number): Promise<Counts> {
  const counts: Counts = { sent: 0, refusedMs: [], unexpected: [] };
  const visit = async () => {
    while (performance.now() < untilAt) {
      const startedAt = performance.now();
      const { status } = await call();
      counts.sent += 1;
      if (status === 503) counts.refusedMs.push(performance.now() - startedAt);
      else if (status !== 200) counts.unexpected.push(String(status));
      // Random, because the slowed commands would otherwise synchronize the clients.
      await delay(Math.random() * MOST_PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: visitors }, visit));
  return counts;
}

test('above the limit, requests are shed early by priority: catalogue, cart, checkout; webhooks and health checks are served', async () => {
  await slowDown(150);
  const untilAt = performance.now() + 4_000;
  const results = await Promise.all(kinds().map(async (kind) => ({ ...kind, ...(await sendUntil(kind, untilAt)) })));
  await mongo.heal();
  expect(results.flatMap(({ unexpected }) => unexpected)).toEqual([]);
  const shareShed = (of: string) => {
    const { sent = 0, refusedMs = [] } = results.find(({ name }) => name === of) ?? {};
    return refusedMs.length / sent;
  };
  expect(shareShed('catalogue')).toBeGreaterThan(shareShed('cart'));
  expect(shareShed('cart')).toBeGreaterThan(shareShed('checkout'));
  expect([shareShed('webhook'), shareShed('health')]).toEqual([0, 0]);
  const refusedMs = results.flatMap((result) => result.refusedMs).sort((a, b) => a - b);
  expect(refusedMs[Math.floor(refusedMs.length / 2)]).toBeLessThan(1_000);
  const refused = await shop.ctx.events.registry.getSingleMetric('requests_refused_total')?.get();
  expect(refused?.values.find(({ labels }) => labels.kind === 'shed')?.value).toBe(refusedMs.length);
  expect((await get(shop.url, 'catalog.products', {})).status).toBe(200);
}, 60_000);
