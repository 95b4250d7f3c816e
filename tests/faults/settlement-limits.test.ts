/** The limits of a settlement: writes per batch and time per run. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { runAudit } from '../../models/audit/audit.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Order } from '../../models/order/order-document.ts';
import { eventually } from '../support/eventually.ts';
import { makeCatalogue, makePaidOrder } from '../support/orders.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const LINES = 100;
const ORDERS = 300;
/** 4,000 writes: each variant once, and per order four documents and a tenth for each line of its ledger row. */
const FIT_IN_A_BATCH = Math.floor((4_000 - LINES) / (4 + 0.1 * LINES));

let app: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await app.stop();
});

/** Paid orders of a hundred lines with the same variants, each of another shopper. */
async function makeWideOrders(): Promise<void> {
  const variants = await makeCatalogue(app.db, { variants: LINES, stock: ORDERS });
  const first = await makePaidOrder(app.db, { lines: variants.map((variant) => ({ variant, quantity: 1 })) });
  const more = Array.from({ length: ORDERS - 1 }, () => copyOf(first));
  await driverCollection(app.db.orders).insertMany(more);
}

/** The same order of another shopper, with its own unique fields. */
function copyOf(order: Order): Order {
  const code = new Types.ObjectId().toHexString().toUpperCase();
  const reference = `ord-${code}-1`;
  return {
    ...order,
    _id: new Types.ObjectId(),
    userId: new Types.ObjectId(),
    code,
    txRef: reference,
    paidReference: reference,
    payments: order.payments.map((attempt) => ({ ...attempt, reference })),
  };
}

const batchSizes = () => app.logged.filter(({ event }) => event === 'settlement_batch').map(({ size }) => Number(size));

async function expectAllSold(): Promise<void> {
  expect(batchSizes().reduce((sum, size) => sum + size, 0)).toBe(ORDERS);
  expect(await app.db.stockMovements.countDocuments({ reason: 'sale' })).toBe(ORDERS);
  expect(await app.db.variants.countDocuments({ stock: 0 })).toBe(LINES);
  const { checks } = await runAudit(app.db, { now: app.ctx.clock.now(), domain: 'test' });
  expect(checks.flatMap(({ name, violations }) => violations.map(({ detail }) => `${name}: ${detail}`))).toEqual([]);
}

test('orders of a hundred lines settle in batches below the limit of writes, all in one run', async () => {
  app = await startTestApp();
  await makeWideOrders();
  expect(await runSettlementOnce(app.ctx)).toMatchObject({ confirmed: ORDERS, parked: 0, ended: 'drained' });
  expect(batchSizes().length).toBeGreaterThan(1);
  expect(Math.max(...batchSizes())).toBeLessThanOrEqual(FIT_IN_A_BATCH);
  await expectAllSold();
}, 60_000);

test('a run that reaches its time limit enqueues the next, which settles the rest without the sweep', async () => {
  app = await startTestApp({ worker: true, config: { sweepEveryMs: 3600_000 } });
  await makeWideOrders();
  // A run starts no batch after 15 s, so it ends after the first one.
  let ahead = 0;
  const readClock = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => readClock() + ahead);
  const { settlementBatch } = app.ctx.events;
  app.ctx.events.settlementBatch = (event) => {
    ahead = 16_000;
    settlementBatch(event);
  };
  await app.ctx.jobs.enqueueSettlement({});
  const runs = () => app.logged.filter(({ event, job }) => event === 'job_run' && job === 'processOrderPayment');
  await eventually('the next run', () => runs().length > 1, 40_000);
  expect(runs().map(({ outcome }) => outcome)).toEqual([
    expect.stringContaining('(budget)'),
    expect.not.stringContaining('('),
  ]);
  await expectAllSold();
}, 60_000);
