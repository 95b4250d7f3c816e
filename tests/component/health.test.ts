/** /livez, /readyz and /metrics of a healthy shop, and of one with a backlog. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { driverCollection } from '../../models/db/connection.ts';
import { createReadiness } from '../../server/observability/readiness.ts';
import { startServer } from '../../server/process/start.ts';
import { eventually } from '../support/eventually.ts';
import { buy, checkOut, HOUR_MS, MINUTE_MS, pay, type Shop, startTestShop, sweep, work } from '../support/shopping.ts';
import { letLongTimersGo } from '../support/short-lived-timers.ts';
import { fakeClock, startTestApp } from '../support/test-app.ts';
import { uniqueDatabaseName } from '../support/test-mongo.ts';

interface Health {
  status: number;
  failed: string[];
  tookMs: number;
}

async function readyz(opsUrl: string): Promise<Health> {
  const startedAt = performance.now();
  const reply = await fetch(`${opsUrl}/readyz`);
  const body: unknown = await reply.json();
  const failed = typeof body === 'object' && body !== null && 'failed' in body ? body.failed : undefined;
  if (!Array.isArray(failed)) throw new Error('no list of failed checks');
  return { status: reply.status, failed: failed.map(String), tookMs: performance.now() - startedAt };
}

/** A response is cached for a second of the shop's clock, so a change appears after it. */
const SHARED_MS = 1_000;
/** The samples as Prometheus would read them: `name{label="value"}` → number. */
async function scrape(opsUrl: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

const untilSample = ({ opsUrl, clock }: Shop, name: string, atLeast: number) =>
  eventually(`${name} to be ${atLeast}`, async () => {
    clock.advance(SHARED_MS);
    return ((await scrape(opsUrl)).get(name) ?? 0) >= atLeast;
  });

describe('a shop at work', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startTestShop();
  });
  afterAll(() => shop.stop());

  test('is alive and ready', async () => {
    expect((await fetch(`${shop.opsUrl}/livez`)).status).toBe(200);
    expect(await readyz(shop.opsUrl)).toMatchObject({ status: 200, failed: [] });
  });

  test('counts what it does: settlements, batches, lag, Paystack, requests, emails, refunds', async () => {
    const before = await scrape(shop.opsUrl);
    await buy(shop);
    const short = await checkOut(shop, { quantity: 2, stock: 2 });
    await shop.db.variants.updateOne({ _id: short.item.variantId }, { stock: 0 });
    await pay(shop, short.txRef);
    await work(shop);
    const samples = await scrape(shop.opsUrl);
    const counted = [...samples].map(([name, value]) => [name, value - (before.get(name) ?? 0)]);
    expect(Object.fromEntries(counted)).toMatchObject({
      'settlements_total{outcome="confirmed"}': 1,
      'settlements_total{outcome="cancelled"}': 1,
      settlement_batch_size_count: 2,
      settlement_lag_seconds_count: 2,
      'paystack_call_seconds_count{operation="initialize",outcome="ok"}': 2,
      'refunds_total{state="pending"}': 1,
      'emails_total{kind="order_confirmed",outcome="sent"}': 1,
      'http_request_seconds_count{route="trpc:orders.initializePayment",method="POST",status="200"}': 2,
    });
    expect(samples.get('backlog_read')).toBe(1);
    expect(samples.get('mongo_pool_connections{state="idle"}')).toBeGreaterThan(0);
    expect(samples.get('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });

  test('stays ready while a paid order waits for long, and reports its age', async () => {
    const { txRef } = await checkOut(shop);
    await pay(shop, txRef);
    shop.clock.advance(6 * MINUTE_MS);
    expect(await readyz(shop.opsUrl)).toMatchObject({ status: 200, failed: [] });
    await untilSample(shop, 'backlog_oldest_seconds{kind="paid_order"}', 360);
    expect((await scrape(shop.opsUrl)).get('backlog_count{kind="paid_order"}')).toBe(1);
    await sweep(shop);
    await work(shop);
    shop.clock.advance(SHARED_MS);
    expect((await scrape(shop.opsUrl)).get('backlog_count{kind="paid_order"}')).toBe(0);
  });

  test('stays ready while an email is refused for hours, and reports its age', async () => {
    await buy(shop);
    await shop.db.emails.updateOne({}, { $set: { state: 'queued', dueAt: new Date() }, $unset: { sentAt: 1 } });
    shop.clock.advance(HOUR_MS);
    expect(await readyz(shop.opsUrl)).toMatchObject({ status: 200, failed: [] });
    await untilSample(shop, 'backlog_oldest_seconds{kind="email"}', 3_600);
    await shop.db.emails.updateOne(
      { state: 'queued' },
      { $set: { state: 'parked', parkedAt: new Date() }, $unset: { dueAt: 1 } },
    );
    await untilSample(shop, 'needs_attention_count{kind="parked_email"}', 1);
  });

  test('counts what waits for a person, whatever it is', async () => {
    const { orderId } = await checkOut(shop);
    const now = new Date();
    const care = { 'settlement.parkedAt': now, reviewSince: now, refundAttentionSince: now, stuckSince: now };
    await shop.db.orders.updateOne({ _id: orderId }, { $set: care });
    const event = { event: 'charge.success', kind: 'charge', receivedAt: now, deliveries: 1, attempts: 8 } as const;
    await shop.db.webhookEvents.create({ _id: 'parked', ...event, parkedAt: now });
    for (const kind of ['parked_order', 'review', 'refund', 'stuck_order', 'parked_webhook'])
      await untilSample(shop, `needs_attention_count{kind="${kind}"}`, 1);
  });
});

test('a hundred concurrent requests of /readyz ping the database once, and none reads the backlog', async () => {
  const clock = fakeClock();
  const app = await startTestApp({ context: { clock } });
  try {
    const backlog = jest.spyOn(driverCollection(app.db.emails), 'countDocuments');
    const database = app.db.connection.db;
    if (!database) throw new Error('the database is open');
    const ping = jest.spyOn(database, 'command');
    const probeAll = () => Promise.all(Array.from({ length: 100 }, () => fetch(`${app.opsUrl}/readyz`)));
    expect(new Set((await probeAll()).map(({ status }) => status))).toEqual(new Set([200]));
    expect(ping).toHaveBeenCalledTimes(1);
    clock.advance(SHARED_MS);
    await probeAll();
    expect(ping).toHaveBeenCalledTimes(2);
    expect(backlog).not.toHaveBeenCalled();
  } finally {
    await app.stop();
  }
});

test('a hundred concurrent requests of /metrics read the backlog once', async () => {
  const path = '/metrics';
  // The clock stands still, so all hundred requests fall into one second on a slow machine too.
  const clock = fakeClock();
  const app = await startTestApp({ context: { clock } });
  try {
    // One of the queries in each reading of the backlog.
    const read = jest.spyOn(driverCollection(app.db.emails), 'countDocuments');
    const replies = await Promise.all(Array.from({ length: 100 }, () => fetch(`${app.opsUrl}${path}`)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(read).toHaveBeenCalledTimes(1);
    clock.advance(SHARED_MS - 1);
    await fetch(`${app.opsUrl}${path}`);
    expect(read).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await fetch(`${app.opsUrl}${path}`);
    expect(read).toHaveBeenCalledTimes(2);
  } finally {
    await app.stop();
  }
});

test('a request, the job that it wakes and the email that the job sends share one id in the log', async () => {
  const working = await startTestShop({ worker: true });
  try {
    const { txRef, orderId } = await checkOut(working);
    const idsOf = (event: string) =>
      new Set(working.logged.filter((line) => line.event === event).map(({ requestId }) => requestId));
    const placed = [...idsOf('order_placed')];
    expect(placed).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    await pay(working, txRef);
    await eventually('the email', () => idsOf('email_sent').size > 0, 15_000);
    const [received] = idsOf('webhook_received');
    expect(received).toEqual(expect.any(String));
    expect([...idsOf('order_settled')]).toEqual([received]);
    expect([...idsOf('email_sent')]).toEqual([received]);
    expect(working.logged.filter((line) => line.event === 'order_settled')).toMatchObject([{ orderId }]);
  } finally {
    await working.stop();
  }
});

test('without an index that must be unique it is not ready, and another process does not start', async () => {
  const app = await startTestApp({ dbName: uniqueDatabaseName() });
  try {
    await app.db.orders.collection.dropIndex('userId_1_checkoutKey_1');
    const ask = createReadiness(app.ctx, { lookAtIndexesEveryMs: 0 });
    const failed = await eventually('the missing index to be seen', async () => {
      const answer = await ask();
      return answer.ready ? null : answer.failed;
    });
    expect(failed).toEqual(['indexes']);
    const another = startServer(app.ctx.config, { dbName: app.db.connection.name, log: app.ctx.log });
    await expect(another).rejects.toThrow(
      /lacks the indexes orders\.\{"userId":1,"checkoutKey":1\}; run `npm run migrate`/,
    );
  } finally {
    await app.stop();
  }
});

test('a process refuses to start before the migrations have finished', async () => {
  const app = await startTestApp({ dbName: uniqueDatabaseName() });
  try {
    await app.db.migrations.deleteMany({});
    const another = startServer(app.ctx.config, { dbName: app.db.connection.name, log: app.ctx.log });
    await expect(another).rejects.toThrow(/lacks the migrations 2026-11-28-touch-orders; run `npm run migrate`/);
  } finally {
    await app.stop();
  }
});

test('a database that was never prepared is refused', async () => {
  const app = await startTestApp();
  try {
    const another = startServer(app.ctx.config, { dbName: uniqueDatabaseName(), log: app.ctx.log });
    await expect(another).rejects.toThrow(/has not been prepared for this program; run `npm run migrate`/);
  } finally {
    await app.stop();
  }
});

test('a web process serves health and metrics on the operators’ port alone, and nothing else there', async () => {
  const app = await startTestApp();
  try {
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await fetch(`${app.opsUrl}${path}`)).status).toBe(200);
      expect((await fetch(`${app.url}${path}`, { headers: { accept: 'text/html' } })).status).toBe(404);
    }
    for (const path of ['/trpc/catalog.products', '/orders/verify-payment/x', '/agendash', '/openapi.json'])
      expect((await fetch(`${app.opsUrl}${path}`)).status).toBe(404);
  } finally {
    await app.stop();
  }
});

describe('a worker alone', () => {
  test('serves its health and metrics on its own port, and nothing else', async () => {
    letLongTimersGo();
    const app = await startTestApp();
    const config = { ...app.ctx.config, roles: ['worker'] as const };
    const worker = await startServer(config, { dbName: app.db.connection.name, log: app.ctx.log });
    try {
      expect(worker.url).toBeNull();
      expect(await readyz(worker.opsUrl)).toMatchObject({ status: 200, failed: [] });
      expect((await scrape(worker.opsUrl)).has('process_cpu_seconds_total')).toBe(true);
      for (const path of ['/trpc/catalog.products', '/orders/verify-payment/x', '/agendash', '/openapi.json'])
        expect((await fetch(`${worker.opsUrl}${path}`)).status).toBe(404);
    } finally {
      await worker.stop();
      await app.stop();
    }
  });
});
