/**
 * No work depends on a webhook, a redirect, a job or Agenda. The sweep finds all of it in the documents, and verifies
 * with Paystack before an order expires (Q4, Q5, Q7, C5).
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import type { VerifiedCharge } from '../../jobs/context.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  alerts,
  checkOut,
  DAY_MS,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  paySilently,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweep,
  sweepAfter,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const verifiesOf = (reference: string) => shop.sandbox.requests({ route: 'verify', reference }).length;

test('a paid order confirms with webhook and redirect both lost, and with the jobs collection dropped', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  await shop.db.connection.collection(JOBS_COLLECTION).drop();
  await sweepAfter(shop, 2 * MINUTE_MS);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
  // The TTL indexes for finished jobs exist again.
  const indexes = await shop.db.connection.collection(JOBS_COLLECTION).indexes();
  expect(indexes.map(({ name }) => name)).toEqual(expect.arrayContaining(['finished', 'failed']));
});

test('after ten minutes without Agenda, the sweep settles, refunds and sends emails', async () => {
  const item = await stockVariant(shop.db, { stock: 1 });
  const [first, second] = [await checkOut(shop, { item }), await checkOut(shop, { item })];
  await pay(shop, first.txRef);
  await pay(shop, second.txRef);
  for (let minute = 0; minute < 10; minute += 1) {
    await shop.db.connection.collection(JOBS_COLLECTION).deleteMany({});
    await sweepAfter(shop, MINUTE_MS);
  }
  expect((await orderOf(shop, first)).status).toBe('confirmed');
  expect((await orderOf(shop, second)).status).toBe('cancelled');
  expect(mailKinds(shop, first.shopper)).toEqual(['order_confirmed']);
  expect(mailKinds(shop, second.shopper)).toEqual(['order_cancelled']);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, second.txRef)).toEqual([{ amount: second.amount, status: 'processed' }]);
});

test('an event that was stored and not applied is applied by the sweep', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  const { _id } = await orderOf(shop, checkout);
  // The state after a crash between storing and applying.
  await shop.db.webhookEvents.updateOne(
    { reference: checkout.txRef },
    { $set: { dueAt: shop.clock.now() }, $unset: { appliedAt: 1, outcome: 1 } },
  );
  await sweep(shop);
  expect((await shop.db.orders.findById(_id))?.status).toBe('confirmed');
  expect(await shop.db.webhookEvents.countDocuments({ dueAt: { $exists: true } })).toBe(0);
});

test('orders are verified 2, 5, 15 and 60 minutes after checkout, then hourly, and not in between', async () => {
  const checkout = await checkOut(shop);
  shop.sandbox.clearRequests();
  const verified: number[] = [];
  for (let minute = 1; minute <= 185; minute += 1) {
    shop.clock.advance(MINUTE_MS);
    const before = verifiesOf(checkout.txRef);
    if (minute < 20 || minute % 60 < 2) await sweep(shop);
    if (verifiesOf(checkout.txRef) > before) verified.push(minute);
  }
  expect(verified).toEqual([2, 5, 15, 60, 120, 180]);
});

test('two concurrent sweeps verify an order once', async () => {
  const checkout = await checkOut(shop);
  shop.clock.advance(3 * MINUTE_MS);
  shop.sandbox.clearRequests();
  await Promise.all([sweep(shop), sweep(shop), sweep(shop)]);
  expect(verifiesOf(checkout.txRef)).toBe(1);
});

test('a 429 ends the round of verifications; the next one verifies the rest', async () => {
  const checkouts = await Promise.all(Array.from({ length: 12 }, () => checkOut(shop)));
  for (const { txRef } of checkouts) await paySilently(shop, txRef);
  shop.sandbox.clearRequests();
  shop.sandbox.script({ route: 'verify', fault: { kind: 'status', status: 429, retryAfterSeconds: 60 } });
  await sweepAfter(shop, 2 * MINUTE_MS);
  // At most four requests are in flight when the first response arrives.
  expect(shop.sandbox.requests({ route: 'verify' }).length).toBeLessThanOrEqual(4);
  shop.sandbox.clearScript();
  await sweepAfter(shop, 3 * MINUTE_MS);
  for (const checkout of checkouts) expect((await orderOf(shop, checkout)).status).toBe('confirmed');
});

test('a step of the sweep that fails keeps no other from its work', async () => {
  const paid = await checkOut(shop);
  const unheard = await checkOut(shop);
  await pay(shop, paid.txRef);
  const { verifications } = shop.ctx;
  shop.ctx.verifications = new (class extends SingleFlight<VerifiedCharge> {
    override get(): Promise<VerifiedCharge> {
      return Promise.reject(new mongo.MongoNetworkError('planted'));
    }
  })(0, shop.clock);
  shop.clock.advance(2 * MINUTE_MS);
  await expect(sweep(shop)).resolves.toMatchObject({ found: { settlement: 1, emails: 1 } });
  shop.ctx.verifications = verifications;
  expect((await orderOf(shop, paid)).status).toBe('confirmed');
  expect(mailKinds(shop, paid.shopper)).toEqual(['order_confirmed']);
  expect(shop.logged).toContainEqual(expect.objectContaining({ level: 'error', kind: 'verify', job: 'sweep' }));
  await unheard.shopper.client.orders.cancel.mutate({ id: unheard.orderId });
});

test('an order is verified before it expires, and a payment in the last minute still buys', async () => {
  const checkout = await checkOut(shop);
  shop.clock.advance(DAY_MS - MINUTE_MS);
  await sweep(shop);
  await paySilently(shop, checkout.txRef);
  await sweepAfter(shop, 2 * MINUTE_MS);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
});

test('an unpaid order expires after a day, with an email that gives the reason', async () => {
  const checkout = await checkOut(shop);
  await sweepAfter(shop, DAY_MS);
  const order = await orderOf(shop, checkout);
  expect(order).toMatchObject({ status: 'cancelled', cancelReason: 'expired', paymentStatus: 'unpaid' });
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled']);
  expect(shop.sandbox.requests({ route: 'verify', reference: checkout.txRef }).length).toBeGreaterThan(0);
});

test('an order does not expire while Paystack gives no answer, and settles when the answer is success', async () => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.sandbox.script({ route: 'verify', reference: checkout.txRef, fault: { kind: 'html' } });
  await sweepAfter(shop, DAY_MS + MINUTE_MS);
  expect((await orderOf(shop, checkout)).status).toBe('pending');
  shop.sandbox.clearScript();
  await sweepAfter(shop, HOUR_MS);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
});

test.each(['ongoing', 'pending', 'processing', 'queued', 'a word that we do not know'])(
  'an order whose charge is %s at Paystack is kept open past its time, for a day at most',
  async (word) => {
    const checkout = await checkOut(shop);
    shop.sandbox.setStatus(checkout.txRef, word);
    await sweepAfter(shop, DAY_MS);
    expect((await orderOf(shop, checkout)).status).toBe('pending');
    await sweepAfter(shop, 10 * MINUTE_MS);
    expect((await orderOf(shop, checkout)).status).toBe('pending');
    await sweepAfter(shop, DAY_MS);
    expect((await orderOf(shop, checkout)).status).toBe('cancelled');
  },
);

test('a poison order among twenty is parked with an alert, and the others settle at once', async () => {
  const item = await stockVariant(shop.db, { stock: 100 });
  const checkouts = await Promise.all(Array.from({ length: 20 }, () => checkOut(shop, { item })));
  for (const { txRef } of checkouts) await pay(shop, txRef);
  const [poison, ...healthy] = checkouts;
  if (!poison) throw new Error('there are twenty');
  // It claims a reservation that does not exist, so its transaction always fails.
  await shop.db.orders.collection.updateOne({ code: poison.code }, { $set: { reservation: 'reserved' } });
  await runSettlementOnce(shop.ctx);
  for (const checkout of healthy) expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  expect(await stockOf(shop, item)).toEqual({ stock: 81, reserved: 0 });

  let { attempts } = (await orderOf(shop, poison)).settlement;
  expect(attempts).toBe(1);
  for (let minute = 0; minute < 30; minute += 1) {
    await sweepAfter(shop, MINUTE_MS);
    const { settlement } = await orderOf(shop, poison);
    expect(settlement.attempts - attempts).toBeLessThanOrEqual(1);
    attempts = settlement.attempts;
  }
  expect((await orderOf(shop, poison)).settlement).toMatchObject({ attempts: 8, parkedAt: expect.any(Date) });
  expect(alerts(shop).filter(({ event }) => event === 'settlement_parked')).toHaveLength(1);

  const seen = await shop.staff.client.admin.orders.query({ attention: 'parked' });
  expect(seen.items.map(({ code }) => code)).toEqual([poison.code]);
  const shown = await shop.staff.client.admin.order.query({ id: poison.orderId });
  expect(shown.attention).toEqual([expect.stringMatching(/settlement failed eight times/)]);
  expect(shown.timeline).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'job' })]));

  await shop.db.orders.collection.updateOne({ code: poison.code }, { $set: { reservation: 'none' } });
  await shop.staff.client.admin.retrySettlement.mutate({ id: poison.orderId });
  await sweep(shop);
  const settled = await orderOf(shop, poison);
  expect(settled.status).toBe('confirmed');
  expect(settled.history).toEqual(
    expect.arrayContaining([expect.objectContaining({ actor: `staff:${shop.staff.id}`, type: 'settlement_retried' })]),
  );
});

test('an order whose variant was deleted counts as short: it is cancelled and refunded, with an email', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  await shop.db.variants.deleteOne({ _id: checkout.item.variantId });
  await shop.db.stockMovements.deleteMany({ 'lines.variantId': checkout.item.variantId });
  await sweep(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', cancelReason: 'short_stock' });
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_done']);
});
