/**
 * During a rolling upgrade, a process meets orders of a higher shape. It shows them, changes nothing of them, and does
 * its other work.
 */

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runAudit } from '../../models/audit/audit.ts';
import { findEmailsOfOrder } from '../../models/messaging/email-outbox.ts';
import type { Order } from '../../models/order/order-document.ts';
import { ORDER_SHAPE } from '../../models/order/shape.ts';
import { countOwnFailure } from '../../models/order/stuck/own-failures.ts';
import { findDueVerifies } from '../../models/payment/verify-queue.ts';
import { findPassState } from '../../models/reconcile/pass-state.ts';
import { findDueRefunds } from '../../models/refund/refund-queue.ts';
import { adminCorrectionsRouter } from '../../server/trpc/routers/admin-corrections.ts';
import { adminOrdersRouter } from '../../server/trpc/routers/admin-orders.ts';
import { adminRefundsRouter } from '../../server/trpc/routers/admin-refunds.ts';
import { adminShipmentsRouter } from '../../server/trpc/routers/admin-shipments.ts';
import { aParcelOf } from '../support/action-keys.ts';
import {
  ADDRESS,
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  orderOf,
  pay,
  paySilently,
  type Shop,
  startTestShop,
  sweep,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const setShape = ({ orderId }: Checkout, shape: number) =>
  shop.db.orders.collection.updateOne({ _id: new Types.ObjectId(orderId) }, { $set: { shape } });
const stored = ({ orderId }: Checkout) =>
  shop.db.orders.collection.findOne<Order>({ _id: new Types.ObjectId(orderId) });
const emailsOf = ({ orderId }: Checkout) => findEmailsOfOrder(shop.db, new Types.ObjectId(orderId));

/** A newer process has written the order; the returned function expects that nothing has changed it since. */
async function writtenByNewer(checkout: Checkout): Promise<() => Promise<void>> {
  await setShape(checkout, ORDER_SHAPE + 1);
  const before = await stored(checkout);
  return async () => expect(await stored(checkout)).toEqual(before);
}

/** Every loop, also after the order's expiry and its refunds' next step. */
async function runEveryLoop(): Promise<void> {
  await work(shop);
  await sweep(shop);
  await sweepAfter(shop, 5 * MINUTE_MS);
  await sweepAfter(shop, 25 * HOUR_MS);
  await runReconcileOnce(shop.ctx, { force: true });
}

test('a new order has the shape of this program', async () => {
  expect((await stored(await checkOut(shop)))?.shape).toBe(ORDER_SHAPE);
});

test('the settlement leaves a paid order of a higher shape in its queue and settles the others', async () => {
  const newer = await checkOut(shop);
  await pay(shop, newer.txRef);
  const expectUnchanged = await writtenByNewer(newer);
  const other = await checkOut(shop);
  await pay(shop, other.txRef);
  await work(shop);
  expect((await orderOf(shop, other)).status).toBe('confirmed');
  await runEveryLoop();
  await expectUnchanged();
  const error = new Error('an order of a batch failed');
  const id = new Types.ObjectId(newer.orderId);
  expect(await countOwnFailure(shop.db, id, 'settlement', error, shop.clock.now())).toBeNull();
  await expectUnchanged();
  await setShape(newer, ORDER_SHAPE);
  await work(shop);
  expect((await orderOf(shop, newer)).status).toBe('confirmed');
});

test('an unpaid order of a higher shape is neither verified nor expired, and its webhook stays in the inbox', async () => {
  const newer = await checkOut(shop);
  const expectUnchanged = await writtenByNewer(newer);
  await pay(shop, newer.txRef);
  await runEveryLoop();
  await expectUnchanged();
  expect(shop.sandbox.requests({ route: 'verify', reference: newer.txRef })).toEqual([]);
  const event = await shop.db.webhookEvents.findOne({ reference: newer.txRef }).lean();
  expect(event).toMatchObject({ dueAt: expect.any(Date), lastError: expect.stringContaining('being upgraded') });
  // An own failure would park the event at the eighth.
  expect(event).not.toHaveProperty('ownFailures');
  await setShape(newer, ORDER_SHAPE);
  await sweepAfter(shop, HOUR_MS);
  expect((await orderOf(shop, newer)).status).toBe('confirmed');
});

test('a charge of an order of a higher shape keeps reconcile from completing its pass', async () => {
  const newer = await checkOut(shop);
  await paySilently(shop, newer.txRef);
  const expectUnchanged = await writtenByNewer(newer);
  await shop.db.checkpoints.deleteMany({});
  const charges = async () => (await runReconcileOnce(shop.ctx, { force: true })).passes.charges;
  const completedAt = async () => (await findPassState(shop.db, 'charges')).completedAt;
  expect(await charges()).toMatchObject({ ended: 'completed', unanswered: 1 });
  await expectUnchanged();
  expect(await completedAt()).toBeNull();
  await setShape(newer, ORDER_SHAPE);
  expect(await charges()).toMatchObject({ unanswered: 0, applied: 1 });
  expect(await completedAt()).not.toBeNull();
});

test('the queues of due work leave out orders of a higher shape', async () => {
  const unpaid = await checkOut(shop);
  const cancelled = await buy(shop);
  await shop.staff.client.admin.cancel.mutate({ id: cancelled.orderId });
  const far = new Date(shop.clock.now().getTime() + 400 * 24 * HOUR_MS);
  const dueVerifies = async () => (await findDueVerifies(shop.db, far, 1_000)).map(String);
  const dueRefunds = async () => (await findDueRefunds(shop.db, far, 1_000)).map(String);
  expect(await dueVerifies()).toContain(unpaid.orderId);
  expect(await dueRefunds()).toContain(cancelled.orderId);
  for (const checkout of [unpaid, cancelled]) await setShape(checkout, ORDER_SHAPE + 1);
  expect(await dueVerifies()).not.toContain(unpaid.orderId);
  expect(await dueRefunds()).not.toContain(cancelled.orderId);
  for (const checkout of [unpaid, cancelled]) await setShape(checkout, ORDER_SHAPE);
});

test('a refund and an email of an order of a higher shape wait, without counting an attempt', async () => {
  const newer = await buy(shop);
  await shop.staff.client.admin.cancel.mutate({ id: newer.orderId });
  const expectUnchanged = await writtenByNewer(newer);
  await runEveryLoop();
  await expectUnchanged();
  const waiting = (await emailsOf(newer)).filter(({ state }) => state !== 'sent');
  expect(waiting).toMatchObject([{ kind: 'order_cancelled', state: 'queued', attempts: 0 }]);
  expect(waiting[0]).not.toHaveProperty('claimedBy');
  await setShape(newer, ORDER_SHAPE);
  await sweepAfter(shop, MINUTE_MS);
  await finishRefunds(shop);
  expect((await orderOf(shop, newer)).paymentStatus).toBe('refunded');
  await work(shop);
  expect((await emailsOf(newer)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
});

test('every action of staff and customer on an order of a higher shape is refused as OVERLOADED, and it can be viewed', async () => {
  const newer = await buy(shop);
  const expectUnchanged = await writtenByNewer(newer);
  const { admin } = shop.staff.client;
  const { orderId: id, txRef: reference, shopper } = newer;
  const [email] = await emailsOf(newer);
  const staffActions: Record<string, () => Promise<unknown>> = {
    ship: () => admin.ship.mutate(aParcelOf(id)),
    deliver: () => admin.deliver.mutate({ id }),
    undoDeliver: () => admin.undoDeliver.mutate({ id, shipmentId: 'shipment-1', reason: 'a mistake' }),
    correctShipment: () => admin.correctShipment.mutate({ id, shipmentId: 'shipment-1', trackingNumber: '2' }),
    voidShipment: () => admin.voidShipment.mutate({ id, shipmentId: 'shipment-1', reason: 'a mistake' }),
    cancel: () => admin.cancel.mutate({ id }),
    refund: () => admin.refund.mutate({ key: newActionKey(), id, note: 'damaged' }),
    retryRefund: () => admin.retryRefund.mutate({ id, refundId: 'refund-1' }),
    recordRefundPaidElsewhere: () =>
      admin.recordRefundPaidElsewhere.mutate({ id, refundId: 'refund-1', note: 'in cash' }),
    recordPaidElsewhere: () =>
      admin.recordPaidElsewhere.mutate({ id, key: 'paid-elsewhere-0001', amount: 1, note: 'in cash' }),
    retryStuck: () => admin.retryStuck.mutate({ id }),
    retrySettlement: () => admin.retrySettlement.mutate({ id }),
    resolveReview: () => admin.resolveReview.mutate({ id, reference, resolution: 'accept' }),
    resendEmail: () => admin.resendEmail.mutate({ id, emailId: email?._id ?? '', key: 'resend-01' }),
    sendPaymentLink: () => admin.sendPaymentLink.mutate({ id, key: 'link-0001' }),
    correctContact: () => admin.correctContact.mutate({ id, name: 'Ada' }),
    correctAddress: () => admin.correctAddress.mutate({ id, address: ADDRESS }),
    emptyCorrections: () => admin.emptyCorrections.mutate({ id }),
    addNote: () => admin.addNote.mutate({ id, key: 'note-0001', text: 'Calls before noon' }),
    removeNote: () => admin.removeNote.mutate({ id, noteId: 'note-0001' }),
    setTags: () => admin.setTags.mutate({ id, tags: ['gift'] }),
    sendRefundAccount: () =>
      admin.sendRefundAccount.mutate({ id, refundId: 'refund-1', accountNumber: '0123456789', bankId: '1' }),
  };
  const procedures = {
    ...adminOrdersRouter._def.procedures,
    ...adminCorrectionsRouter._def.procedures,
    ...adminRefundsRouter._def.procedures,
    ...adminShipmentsRouter._def.procedures,
  };
  // Each changes one order. Previews and the settings change none, and shipMany has an outcome per row.
  const isOfOneOrder = (name: string) => !/^preview|^setCarriers$|^shipMany$/.test(name);
  const mutations = Object.entries(procedures).filter(
    ([name, { _def }]) => _def.type === 'mutation' && isOfOneOrder(name),
  );
  expect(Object.keys(staffActions).sort()).toEqual(mutations.map(([name]) => name).sort());
  const actions = [...Object.values(staffActions), () => shopper.client.orders.cancel.mutate({ id }), newer.again];
  for (const act of actions) expect(await errorCodeOf(act())).toBe('OVERLOADED');
  await expectUnchanged();
  expect((await shopper.client.orders.get.query({ id })).status).toBe('confirmed');
  const shown = await admin.order.query({ id });
  expect(shown.code).toBe(newer.code);
  expect(shown.actions.filter(({ allowed }) => allowed)).toEqual([]);
  expect((await admin.previewCancel.mutate({ id })).why).toBe('the shop is being upgraded');
  await setShape(newer, ORDER_SHAPE);
});

test('the audit counts orders of a higher shape and checks the others', async () => {
  const newer = await buy(shop);
  const setSubtotal = (subtotal: number) =>
    shop.db.orders.collection.updateOne({ code: newer.code }, { $set: { subtotal } });
  const { subtotal } = await orderOf(shop, newer);
  await setShape(newer, ORDER_SHAPE + 1);
  await setSubtotal(subtotal + 1);
  const audit = () => runAudit(shop.db, { now: shop.clock.now() });
  expect(await audit()).toMatchObject({ newerOrders: 1, clean: true });
  await setShape(newer, ORDER_SHAPE);
  expect(await audit()).toMatchObject({ newerOrders: 0, clean: false });
  await setSubtotal(subtotal);
});

test('after the upgrade everything is consistent', async () => {
  await expectAllConsistent(shop, { copies: 'allowed' });
});
