/**
 * Health checks measured a paid order's wait from Paystack's time of payment: one charge heard of hours late, or one staff
 * retry of an order parked yesterday, made every process unready, although the order had waited for us for a moment.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readBacklog } from '../../models/backlog.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import { restoreSettlement } from '../../models/settlement/own-failures.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase, settleAll } from '../support/orders.ts';

const HOUR_MS = 3_600_000;
const now = new Date();
const anHourAgo = new Date(now.getTime() - HOUR_MS);

let db: Database;
let order: Order;
beforeAll(async () => {
  db = await openOwnDatabase();
  const [variant] = await makeCatalogue(db, { stock: 3 });
  if (!variant) throw new Error('no variant was made');
  order = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now: anHourAgo });
});
afterAll(() => db.connection.close());

const paidOrders = async (at: Date) => (await readBacklog(db, at, 1_000)).paidOrders;
const set = (fields: object) => db.orders.collection.updateOne({ _id: order._id }, { $set: fields });
const inMs = (ms: number) => new Date(now.getTime() + ms);

test('a paid order waits since we heard of it, whenever it was paid', async () => {
  expect(await paidOrders(now)).toMatchObject({ count: 1, oldestAt: anHourAgo });
  await set({ 'settlement.queuedAt': new Date(now.getTime() - 24 * HOUR_MS) });
  expect(await paidOrders(now)).toMatchObject({ count: 1, oldestAt: anHourAgo });
});

test('an order that rests does not wait for us, and then waits since the end of its rest', async () => {
  await set({ 'settlement.retryAt': inMs(1_000), 'settlement.attempts': 7 });
  expect(await paidOrders(now)).toEqual({ count: 0, oldestAt: null });
  expect(await paidOrders(inMs(60_000))).toMatchObject({ count: 1, oldestAt: inMs(1_000) });
});

test('an order that staff put back into the queue waits since then, and not at all once it fails again', async () => {
  await restoreSettlement(db, order._id, 'staff', now);
  expect(await paidOrders(now)).toMatchObject({ count: 1, oldestAt: now });
  // Whatever kept it from settling still does.
  await db.orders.collection.updateOne({ _id: order._id }, { $set: { 'items.0.quantity': 0.5 } });
  await settleAll(db, now);
  expect((await paidOrders(now)).count).toBe(0);
});
