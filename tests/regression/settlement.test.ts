import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { readBacklog } from '../../models/backlog.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { MAX_BATCH, settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { restoreSettlement } from '../../models/settlement/restore-settlement.ts';
import { eventually } from '../support/eventually.ts';
import { afterSearchingOrders } from '../support/interleaving.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase, settleAll } from '../support/orders.ts';
import {
  checkOut,
  expectAllConsistent,
  MINUTE_MS,
  orderOf,
  pay,
  paySilently,
  startTestShop,
} from '../support/shopping.ts';

describe('the order that a failure is counted against', () => {
  // The failed order was searched for again after its transaction, at a later time. An order that had come due
  // meanwhile was charged with the failure.

  test('a failure is not counted against an order that comes due while another one fails', async () => {
    const db = await openOwnDatabase();
    try {
      const [variant] = await makeCatalogue(db, { stock: 3 });
      if (!variant) throw new Error('no variant was made');
      const now = new Date();
      const [early, later] = [new Date(now.getTime() - 60_000), new Date(now.getTime() + 60_000)];
      const resting = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now: early });
      const rest = { 'settlement.retryAt': later, 'settlement.attempts': 3 };
      await db.orders.updateOne({ _id: resting._id }, { $set: rest });
      // More than the stock, so that settlement would have to refund it, and the document has no amount to refund.
      const damaged = await makePaidOrder(db, { lines: [{ variant, quantity: 3 }], now });
      await db.variants.updateOne({ _id: variant._id }, { $set: { stock: 1 } });
      await db.orders.collection.updateOne({ _id: damaged._id }, { $unset: { 'payments.0.amount': 1 } });

      // The first batch and each half of it read the clock once; the batch of one is the last of them.
      let readings = 0;
      const batches = 1 + Math.log2(MAX_BATCH);
      const result = await settlePaidOrders(db, {
        holder: 'test',
        now: () => {
          readings += 1;
          return readings > batches ? later : now;
        },
        budgetMs: 20_000,
        waitForLease: true,
        refundIdFor: () => 'refund',
      });

      expect(result).toEqual({ confirmed: 1, cancelled: 0, parked: 0, ended: 'drained' });
      expect((await getOrder(db, damaged._id)).settlement).toMatchObject({ attempts: 1 });
      const settled = await getOrder(db, resting._id);
      expect(settled).toMatchObject({ status: 'confirmed', version: resting.version + 1 });
    } finally {
      await db.connection.close();
    }
  });
});

describe('a damaged order', () => {
  // An order whose charge had no amount could not be settled, nor its failure stored. Each run ended there, and later
  // orders never settled.

  test('a damaged order is retried later, and the orders behind it settle', async () => {
    const db = await openOwnDatabase();
    try {
      const [variant] = await makeCatalogue(db, { stock: 3 });
      if (!variant) throw new Error('no variant was made');
      const [early, late] = [new Date(Date.now() - 60_000), new Date()];
      // More than the stock, so that settlement would have to refund it.
      const damaged = await makePaidOrder(db, { lines: [{ variant, quantity: 3 }], now: early });
      const others = await Promise.all(
        [1, 2].map(() => makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now: late })),
      );
      await db.variants.updateOne({ _id: variant._id }, { $set: { stock: 2 } });
      await db.orders.collection.updateOne({ _id: damaged._id }, { $unset: { 'payments.0.amount': 1 } });

      expect(await settleAll(db)).toEqual({ confirmed: 2, cancelled: 0, parked: 0, ended: 'drained' });
      const after = await getOrder(db, damaged._id);
      expect(after).toMatchObject({ status: 'pending', paymentStatus: 'paid', version: damaged.version + 1 });
      expect(after.settlement).toMatchObject({ attempts: 1, lastError: expect.stringContaining('without a charge') });
      for (const { _id } of others) expect((await getOrder(db, _id)).status).toBe('confirmed');
    } finally {
      await db.connection.close();
    }
  });
});

describe('a variant that others update often', () => {
  // A batch read longer than the pause between two updates of its variant, so no large batch committed. After a
  // conflict it locks the variants before it reads.

  const ORDERS = 20;
  /** An update of a document that a transaction has locked waits for its end; this one times out, so that the transaction can go on. */
  const UPDATE_TIMEOUT_MS = 20;

  let db: Database;
  beforeAll(async () => {
    db = await openOwnDatabase();
  });
  afterAll(() => db.connection.close());

  test('a variant that is updated after each read of a batch costs one retry, whatever the size of the batch', async () => {
    const [variant] = await makeCatalogue(db, { stock: 1_000 });
    if (!variant) throw new Error('no variant was made');
    for (let made = 0; made < ORDERS; made += 1) await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
    let writes = 0;
    const updateVariant = async () => {
      writes += 1;
      await db.variants
        .updateOne({ _id: variant._id }, { title: `Written ${writes}` })
        .maxTimeMS(UPDATE_TIMEOUT_MS)
        .catch(() => undefined);
    };
    const batches: number[] = [];
    const failures: string[] = [];
    const result = await settlePaidOrders(afterSearchingOrders(db, updateVariant), {
      holder: 'test',
      now: () => new Date(),
      budgetMs: 10_000,
      waitForLease: true,
      refundIdFor: () => 'none',
      onBatch: ({ settled }) => batches.push(settled.length),
      onFailure: (_, consequence) => failures.push(consequence),
    });
    expect(result).toEqual({ confirmed: ORDERS, cancelled: 0, parked: 0, ended: 'drained' });
    expect(batches).toEqual([ORDERS]);
    expect(failures).toEqual(['retried']);
    expect(await db.variants.findById(variant._id).lean()).toMatchObject({ stock: 1_000 - ORDERS, lockCount: 1 });
  });
});

describe('how long a paid order has waited', () => {
  // The health check measured it from the time of payment, so one charge reported hours late made every process
  // unready.

  const HOUR_MS = 3_600_000;
  const now = new Date();
  const anHourAgo = new Date(now.getTime() - HOUR_MS);

  let db: Database;
  let order: Order;
  beforeEach(async () => {
    db = await openOwnDatabase();
    const [variant] = await makeCatalogue(db, { stock: 3 });
    if (!variant) throw new Error('no variant was made');
    order = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now: anHourAgo });
  });
  afterEach(() => db.connection.close());

  const paidOrders = async (at: Date) => (await readBacklog(db, at, 1_000)).paidOrders;
  const set = (fields: object) => db.orders.collection.updateOne({ _id: order._id }, { $set: fields });
  const inMs = (ms: number) => new Date(now.getTime() + ms);

  test('a paid order waits from when its charge was recorded, whenever it was paid', async () => {
    expect(await paidOrders(now)).toMatchObject({ count: 1, oldestAt: anHourAgo });
    await set({ 'settlement.queuedAt': new Date(now.getTime() - 24 * HOUR_MS) });
    expect(await paidOrders(now)).toMatchObject({ count: 1, oldestAt: anHourAgo });
  });

  test('an order with a later retry does not count as waiting before that time, and counts from then on', async () => {
    await set({ 'settlement.retryAt': inMs(1_000), 'settlement.attempts': 7 });
    expect(await paidOrders(now)).toEqual({ count: 0, oldestAt: null });
    expect(await paidOrders(inMs(60_000))).toMatchObject({ count: 1, oldestAt: inMs(1_000) });
  });

  test('an order that staff put back into the queue waits from then, and not at all once it fails again', async () => {
    await set({ 'settlement.retryAt': inMs(1_000), 'settlement.attempts': 7 });
    await restoreSettlement(db, order._id, 'staff:1', now);
    expect(await paidOrders(now)).toMatchObject({ count: 1, oldestAt: now });
    // A quantity that no settlement accepts.
    await db.orders.collection.updateOne({ _id: order._id }, { $set: { 'items.0.quantity': 0.5 } });
    await settleAll(db, now);
    expect((await paidOrders(now)).count).toBe(0);
  });
});

describe('a sweep while Paystack hangs', () => {
  // The sweep called Paystack first; while that hung, a paid order whose job was lost waited for up to a minute and a
  // half.

  test('the sweep settles paid orders before it calls Paystack, and afterwards those that Paystack reports as paid', async () => {
    const shop = await startTestShop();
    try {
      const [paid, unheard] = [await checkOut(shop), await checkOut(shop)];
      await pay(shop, paid.txRef);
      await paySilently(shop, unheard.txRef);
      await shop.db.connection.collection(JOBS_COLLECTION).deleteMany({});
      shop.clock.advance(2 * MINUTE_MS);

      const { paystack } = shop.ctx;
      let release: () => void = () => undefined;
      const answers = new Promise<void>((resolve) => {
        release = resolve;
      });
      let calls = 0;
      const verify = async (reference: string) => {
        calls += 1;
        await answers;
        return paystack.verify(reference);
      };
      const round = runSweepOnce({ ...shop.ctx, paystack: { ...paystack, verify } });
      await eventually('the call to Paystack', () => calls > 0);
      expect((await orderOf(shop, paid)).status).toBe('confirmed');
      expect((await orderOf(shop, unheard)).status).toBe('pending');

      release();
      expect(await round).toMatchObject({ found: { verify: 1, settlement: 2, emails: 2 } });
      expect((await orderOf(shop, unheard)).status).toBe('confirmed');
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  });
});
