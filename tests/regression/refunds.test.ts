import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findChargeState } from '../../models/audit/money.ts';
import type { Database } from '../../models/db/database.ts';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import type { Order, Review } from '../../models/order/order-document.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { resolveReview } from '../../models/payment/review/review.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { aLostDispute } from '../support/an-order.ts';
import {
  askForRefund,
  makeCatalogue,
  makeConfirmedOrder,
  makePaidOrder,
  makePaidTwice,
  makePendingOrder,
  openOwnDatabase,
  payOrder,
} from '../support/orders.ts';
import {
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  pay,
  refundsAtPaystack,
  returnFromPaystack,
  startTestShop,
  theMail,
} from '../support/shopping.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

describe('a failed refund', () => {
  // It needed attention for ever, even after a cancellation or a review had requested its money again or a bank had
  // returned it.

  const now = new Date();
  const staff = { actor: 'staff:1', now } as const;
  /** A confirmed order, a part of which should have gone back. */
  async function withFailedRefund(): Promise<Order> {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const { _id } = await makeConfirmedOrder(db, { lines: [{ variant, quantity: 1 }] });
    await askForRefund(db, _id, { ...staff, amount: 20_000, note: 'a stain', refundId: 'r1' });
    const failed = {
      gatewayRefundId: '1',
      status: 'failed',
      amount: 20_000,
      currency: 'NGN',
      merchantNote: 'rf:r1',
      disputeId: null,
    };
    const order = await recordRefund(db, _id, 'r1', failed, now);
    expect(order.refundAttentionSince).toBeDefined();
    return order;
  }

  test('a refund that failed is replaced by the one that the cancellation requests', async () => {
    const { _id, total } = await withFailedRefund();
    const order = await cancelOrder(db, _id, { ...staff, reason: 'by_staff', refundId: 'r2' });
    expect(order.refunds).toMatchObject([{ refundId: 'r1' }, { refundId: 'r2', amount: total, replaces: 'r1' }]);
    expect(order.refundAttentionSince).toBeUndefined();
  });

  test('a refund that failed is replaced by the one that ends a review', async () => {
    const { _id, txRef, total, payments } = await withFailedRefund();
    const review: Review = { cause: 'underpaid', openedAt: now };
    await db.orders.updateOne({ _id }, { $set: { payments: payments.map((charge) => ({ ...charge, review })) } });
    const decision = { ...staff, reference: txRef, resolution: 'refund', domain: 'test', refundId: 'r2' } as const;
    const order = await resolveReview(db, _id, decision);
    expect(order.refunds).toMatchObject([{ refundId: 'r1' }, { refundId: 'r2', amount: total, replaces: 'r1' }]);
    expect(order.refundAttentionSince).toBeUndefined();
  });

  test('a refund that failed needs no attention once its charge is lost in a dispute', async () => {
    const { _id, txRef } = await withFailedRefund();
    await recordDispute(db, _id, aLostDispute(txRef, now));
    expect((await getOrder(db, _id)).refundAttentionSince).toBeUndefined();
  });
});

describe('the failed refund of a cancelled order', () => {
  // Staff could replace it by a smaller one, and the rest of the customer’s money was owed by no refund.

  test('after its refund failed, a cancelled order takes only a refund of all that is left', async () => {
    const now = new Date();
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const paid = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
    await cancelOrder(db, paid._id, { reason: 'by_customer', actor: 'customer', refundId: 'r1', now });
    const report = {
      gatewayRefundId: '1',
      status: 'failed',
      amount: paid.total,
      currency: 'NGN',
      merchantNote: 'rf:r1',
      disputeId: null,
    };
    await recordRefund(db, paid._id, 'r1', report, now);

    const request = { note: 'again', actor: 'staff:1', refundId: 'r2', now } as const;
    await expect(askForRefund(db, paid._id, { ...request, amount: paid.total - 1 })).rejects.toMatchObject({
      code: 'ORDER_STATE_CONFLICT',
    });
    expect((await getOrder(db, paid._id)).refunds).toHaveLength(1);

    const { refunds } = await askForRefund(db, paid._id, request);
    expect(refunds).toMatchObject([
      { refundId: 'r1', state: 'failed' },
      { refundId: 'r2', state: 'requested', amount: paid.total, replaces: 'r1' },
    ]);
  });
});

describe('the charge that a refund is made from', () => {
  // A small refund was made from a second charge whose refund had failed and counted as its replacement; the rest was
  // owed by no refund.

  const now = new Date();

  test('a refund is made from the paying charge, or from the one that staff name, which is then refunded whole', async () => {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const { order: paid, duplicate } = await makePaidTwice(db, { lines: [{ variant, quantity: 1 }], refundId: 'r1' });
    const { _id, paidReference: paying, total } = paid;
    const failed = {
      gatewayRefundId: '1',
      status: 'failed',
      amount: total,
      currency: 'NGN',
      merchantNote: 'rf:r1',
      disputeId: null,
    };
    await recordRefund(db, _id, 'r1', failed, now);

    const request = { note: 'a stain', actor: 'staff:1', now } as const;
    const { refunds } = await askForRefund(db, _id, { ...request, amount: 20_000, refundId: 'r2' });
    expect(refunds).toMatchObject([
      { refundId: 'r1', reference: duplicate, state: 'failed' },
      { refundId: 'r2', reference: paying, amount: 20_000 },
    ]);
    expect(refunds[1]?.replaces).toBeUndefined();

    const again = { ...request, reference: duplicate, refundId: 'r3' };
    const part = askForRefund(db, _id, { ...again, amount: total - 1 });
    await expect(part).rejects.toMatchObject({ code: 'ORDER_STATE_CONFLICT' });
    const unknown = askForRefund(db, _id, { ...again, reference: `${duplicate}0` });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const order = await askForRefund(db, _id, again);
    expect(order.refunds).toMatchObject([
      { refundId: 'r1' },
      { refundId: 'r2' },
      { refundId: 'r3', reference: duplicate, amount: total, replaces: 'r1' },
    ]);
    const charge = findAttempt(order, duplicate);
    expect(charge && findChargeState(order, charge)).toBe('owedBack');
  });
});

describe('the email about a review that ends in a refund', () => {
  // It named neither the refund nor its amount, so the audit could not compare the outbox with the refunds.

  test('the email about a review that ends in a refund names the refund and its amount', async () => {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const now = new Date();
    const order = await makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
    await payOrder(db, order, { amount: order.total - 1 });
    const decision = { reference: order.txRef, resolution: 'refund', domain: 'test', actor: 'staff:1' } as const;
    const ended = await resolveReview(db, order._id, { ...decision, refundId: 'r1', now });

    expect(ended).toMatchObject({ status: 'cancelled', refunds: [{ refundId: 'r1', amount: order.total - 1 }] });
    const email = await db.emails.findOne({ orderId: order._id, kind: 'order_cancelled' }).lean();
    expect(email?.data).toEqual({ cause: 'by_staff', amount: order.total - 1, refundId: 'r1' });
  });
});

describe('money in another currency', () => {
  // It was to be refunded in the order’s currency, which Paystack always refuses.

  test('money in another currency is refused as payment, and is refunded, shown and named in emails in its own currency', async () => {
    const shop = await startTestShop();
    try {
      const { orderId, txRef, shopper } = await checkOut(shop);
      await pay(shop, txRef, { capture: { amount: 50_00, currency: 'USD' } });
      await returnFromPaystack(shop, txRef);
      const resolve = (resolution: 'accept' | 'refund') =>
        shop.staff.client.admin.resolveReview.mutate({ id: orderId, reference: txRef, resolution });
      expect(await errorCodeOf(resolve('accept'))).toBe('ORDER_STATE_CONFLICT');
      await resolve('refund');
      await finishRefunds(shop);
      expect(refundsAtPaystack(shop, txRef)).toEqual([{ amount: 50_00, status: 'processed' }]);
      const refund = expect.objectContaining({ amount: 50_00, currency: 'USD', state: 'processed' });
      expect((await shopper.client.orders.get.query({ id: orderId })).refunds).toEqual([refund]);
      expect((await shop.staff.client.admin.order.query({ id: orderId })).refunds).toEqual([refund]);
      for (const kind of ['order_cancelled', 'refund_done']) {
        expect(theMail(shop, shopper, kind).text).toContain('$50.00');
        expect(theMail(shop, shopper, kind).text).not.toContain('₦50.00');
      }
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  });
});
