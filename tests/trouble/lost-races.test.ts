/**
 * A decision on a stale order is repeated on the new one. Outside transactions, only the version check detects this
 * (I4, I5).
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runAudit } from '../../models/audit/audit.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { createShipment } from '../../models/fulfilment/create-shipment.ts';
import { expireOrder } from '../../models/fulfilment/expire-order.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { recordCharge } from '../../models/payment/record-charge.ts';
import { makeVerifyDue } from '../../models/payment/verify-queue.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { claimRefund, makeRefundsDue } from '../../models/refund/refund-queue.ts';
import { MAX_BATCH, settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { QUEUE_ORDER } from '../../models/settlement/settlement-queue.ts';
import { storePaidOrders, storeShop } from '../bench/fill.ts';
import { composeShop } from '../bench/load.ts';
import { afterReadingAhead, afterReadingOrder } from '../support/interleaving.ts';
import {
  aShipmentRequest,
  askForRefund,
  makeCatalogue,
  makeConfirmedOrder,
  makePendingOrder,
  openOwnDatabase,
  reportOf,
} from '../support/orders.ts';

let db: Database;
beforeEach(async () => {
  db = await openOwnDatabase();
});
afterEach(async () => {
  const { checks } = await runAudit(db, { now: new Date() });
  await db.connection.close();
  expect(checks.flatMap(({ violations }) => violations)).toEqual([]);
});

const now = new Date();

async function oneLine() {
  const [variant] = await makeCatalogue(db, { stock: 5, now });
  if (!variant) throw new Error('no variant was made');
  return [{ variant, quantity: 1 }];
}

const charge = (db: Database, order: Parameters<typeof reportOf>[0]) =>
  recordCharge(db, { report: reportOf(order, {}, now), source: 'verify', domain: 'test', refundId: 'r-late', now });
const cancelling = { reason: 'by_customer', actor: 'customer', refundId: 'r-cancel', now } as const;

test('a charge that finds its order cancelled meanwhile goes back instead of paying it', async () => {
  const order = await makePendingOrder(db, { lines: await oneLine(), now });
  const racing = afterReadingOrder(db, () => cancelOrder(db, order._id, cancelling));

  expect((await charge(racing, order)).outcome).toBe('late_payment');
  const after = await getOrder(db, order._id);
  expect(after).toMatchObject({ status: 'cancelled', settlement: { attempts: 0 } });
  expect(after.settlement.queuedAt).toBeUndefined();
  expect(after.refunds.map(({ amount, cause }) => [amount, cause])).toEqual([[order.total, 'late_payment']]);
});

test('an order that is cancelled before its verification is made due stays out of that queue', async () => {
  const order = await makePendingOrder(db, { lines: await oneLine(), now });
  const racing = afterReadingOrder(db, () => cancelOrder(db, order._id, cancelling));
  await makeVerifyDue(racing, order._id, now);
  const after = await getOrder(db, order._id);
  expect([after.status, after.verifyDueAt]).toEqual(['cancelled', undefined]);
});

test('a cancellation that finds its order paid meanwhile gives the money back with it', async () => {
  const order = await makePendingOrder(db, { lines: await oneLine(), now });
  await cancelOrder(
    afterReadingOrder(db, () => charge(db, order)),
    order._id,
    cancelling,
  );
  const after = await getOrder(db, order._id);
  expect(after).toMatchObject({ status: 'cancelled', paidReference: order.txRef, paymentStatus: 'refunding' });
  expect(after.refunds.map(({ refundId, amount }) => [refundId, amount])).toEqual([['r-cancel', order.total]]);
});

test('an order that was paid in the moment it expires is kept', async () => {
  const late = new Date(now.getTime() + 25 * 3600_000);
  const order = await makePendingOrder(db, { lines: await oneLine(), now });
  expect(
    await expireOrder(
      afterReadingOrder(db, () => charge(db, order)),
      order._id,
      'closed',
      late,
    ),
  ).toBe('kept');
  expect(await getOrder(db, order._id)).toMatchObject({ status: 'pending', paymentStatus: 'paid' });
});

test('an order is not shipped after its full refund was requested', async () => {
  const { _id } = await makeConfirmedOrder(db, { lines: await oneLine(), now });
  const refund = { note: 'asked for', actor: 'staff:1', refundId: 'r-full', now } as const;
  const racing = afterReadingOrder(db, () => askForRefund(db, _id, refund));
  const shipping = createShipment(racing, _id, aShipmentRequest(now));
  await expect(shipping).rejects.toThrow('its full refund is under way');
  expect(await getOrder(db, _id)).toMatchObject({ status: 'confirmed', paymentStatus: 'refunding' });
});

test('an event about a refund does not bring it forward while a worker is sending it', async () => {
  const { _id, total } = await makeConfirmedOrder(db, { lines: await oneLine(), now });
  await askForRefund(db, _id, { note: 'asked for', actor: 'staff:1', refundId: 'r-claimed', now });
  const claim = await claimRefund(db, _id, now);
  expect(await makeRefundsDue(db, _id, now)).toBe(false);
  expect(await claimRefund(db, _id, now)).toBeNull();

  // After Paystack has accepted the refund, an event may bring its next check forward.
  const report = {
    gatewayRefundId: '1',
    status: 'pending',
    amount: total,
    currency: 'NGN',
    merchantNote: 'rf:r-claimed',
    disputeId: null,
  };
  await recordRefund(db, _id, claim?.refund.refundId ?? '', report, now);
  expect(await makeRefundsDue(db, _id, now)).toBe(true);
  expect(await claimRefund(db, _id, now)).not.toBeNull();
});

test('an order that is cancelled after it was read ahead of its batch is refunded, and the others of the batch settle', async () => {
  const shop = composeShop(now);
  await storeShop(db, shop, now);
  await storePaidOrders(db, shop, { orders: 2 * MAX_BATCH + 8, mix: 'mixed' }, now);
  const second = await driverCollection(db.orders).find({ status: 'pending' }).sort(QUEUE_ORDER).skip(MAX_BATCH).next();
  if (!second) throw new Error('no order was stored');
  const batches: number[] = [];
  const failures: string[] = [];
  const result = await settlePaidOrders(
    afterReadingAhead(db, () => cancelOrder(db, second._id, cancelling)),
    {
      holder: 'test',
      now: () => now,
      budgetMs: 20_000,
      waitForLease: true,
      refundIdFor: () => 'none',
      onBatch: ({ settled }) => batches.push(settled.length),
      onFailure: (_, consequence) => failures.push(consequence),
    },
  );
  expect(result).toEqual({ confirmed: 2 * MAX_BATCH + 7, cancelled: 0, parked: 0, ended: 'drained' });
  expect(batches).toEqual([MAX_BATCH, MAX_BATCH, 7]);
  expect(failures).toEqual(['retried']);
  const after = await getOrder(db, second._id);
  expect(after).toMatchObject({ status: 'cancelled', refunds: [{ refundId: 'r-cancel', amount: second.total }] });
});
