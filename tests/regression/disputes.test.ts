import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { aLostDispute } from '../support/an-order.ts';
import {
  askForRefund,
  makeCatalogue,
  makePaidOrder,
  makePaidTwice,
  openOwnDatabase,
  settleAll,
} from '../support/orders.ts';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  mailKinds,
  orderOf,
  pay,
  paySilently,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweep,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

describe('a disputed order that is short of stock', () => {
  // It was refunded at settlement although its dispute was open; the lost dispute then took the same money a second
  // time.

  const admin = () => shop.staff.client.admin;
  const adjustStock = ({ item: { variantId } }: Checkout, delta: number) =>
    admin().adjustStock.mutate({ key: newActionKey(), variantId, delta, reason: 'counted' });

  /** A paid order, parked, its unit sold elsewhere, disputed, and put back into the queue by staff. */
  async function retriedInDispute(): Promise<{ checkout: Checkout; disputeId: number }> {
    const checkout = await checkOut(shop, { stock: 1 });
    await pay(shop, checkout.txRef);
    const settlement = { attempts: 8, lastError: 'Error: injected', parkedAt: shop.clock.now() };
    await shop.db.orders.updateOne({ code: checkout.code }, { $set: { settlement } });
    await adjustStock(checkout, -1);
    const { id: disputeId } = shop.sandbox.openDispute(checkout.txRef);
    await shop.sandbox.webhooksIdle();
    await admin().retrySettlement.mutate({ id: checkout.orderId });
    await sweep(shop);
    return { checkout, disputeId };
  }

  async function resolve(disputeId: number, resolution: 'merchant-accepted' | 'declined'): Promise<void> {
    shop.sandbox.resolveDispute(disputeId, resolution);
    await shop.sandbox.webhooksIdle();
  }

  test('while the dispute is open the order is parked, and after a lost one nothing is refunded a second time', async () => {
    const alertsBefore = alerts(shop).length;
    const { checkout, disputeId } = await retriedInDispute();
    const parked = await orderOf(shop, checkout);
    expect(parked).toMatchObject({ status: 'pending', refunds: [], settlement: { lastError: expect.any(String) } });
    expect(parked.settlement.parkedAt).toBeDefined();
    expect(alerts(shop).slice(alertsBefore)).toContainEqual(expect.objectContaining({ event: 'settlement_parked' }));
    await expectAllConsistent(shop);

    await resolve(disputeId, 'merchant-accepted');
    await finishRefunds(shop);
    const ended = { status: 'cancelled', cancelReason: 'payment_returned', paymentStatus: 'refunded', refunds: [] };
    expect(await orderOf(shop, checkout)).toMatchObject(ended);
    expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
    await expectAllConsistent(shop);
  });

  test('once the dispute is won the order is settled by itself, and its money is refunded once', async () => {
    const { checkout, disputeId } = await retriedInDispute();
    await resolve(disputeId, 'declined');
    await sweep(shop);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', cancelReason: 'short_stock' });
    await finishRefunds(shop);
    expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_done']);
    await expectAllConsistent(shop);
  });

  test('once the dispute is won and there is stock again the order is confirmed', async () => {
    const { checkout, disputeId } = await retriedInDispute();
    await adjustStock(checkout, 1);
    await resolve(disputeId, 'declined');
    await sweep(shop);
    expect((await orderOf(shop, checkout)).status).toBe('confirmed');
    expect(await stockOf(shop, checkout.item)).toMatchObject({ stock: 0 });
    await expectAllConsistent(shop);
  });
});

describe('a dispute about a payment that was never reported', () => {
  // The webhook was lost and the order cancelled; the dispute was recorded without its charge, which Paystack’s list
  // no longer names.

  test.each(['merchant-accepted', 'declined'] as const)('a dispute that ends as %s records its charge', async (end) => {
    const { orderId, txRef, shopper } = await checkOut(shop);
    await paySilently(shop, txRef);
    await shopper.client.orders.cancel.mutate({ id: orderId });
    const { id } = shop.sandbox.openDispute(txRef);
    shop.sandbox.resolveDispute(id, end);
    await shop.sandbox.webhooksIdle();
    await finishRefunds(shop);
    const { payments } = await orderOf(shop, { orderId });
    expect(payments).toMatchObject([{ reference: txRef, status: 'succeeded' }]);
    await expectAllConsistent(shop);
  });
});

describe('a charge that a dispute took back', () => {
  // A refund or a cancellation promised the customer money that the bank had already returned, and that Paystack
  // refuses to return again.

  test('a charge lost in a dispute is refunded neither on request nor by the cancellation', async () => {
    const { orderId, txRef, shopper } = await buy(shop);
    const { id } = shop.sandbox.openDispute(txRef);
    shop.sandbox.resolveDispute(id, 'merchant-accepted');
    await shop.sandbox.webhooksIdle();
    const { admin } = shop.staff.client;
    const again = admin.refund.mutate({ key: newActionKey(), id: orderId, note: 'asked for' });
    expect(await errorCodeOf(again)).toBe('REFUND_EXCEEDS_PAYMENT');
    expect(await errorCodeOf(admin.cancel.mutate({ id: orderId }))).toBe('ORDER_STATE_CONFLICT');
    await finishRefunds(shop);
    expect(await orderOf(shop, { orderId })).toMatchObject({ status: 'refunded', refunds: [] });
    expect(refundsAtPaystack(shop, txRef)).toEqual([]);
    expect(mailKinds(shop, shopper)).toEqual(['order_confirmed', 'refund_done']);
    await expectAllConsistent(shop);
  });
});

describe('a dispute that is lost before settlement', () => {
  // The order stayed in the queue: every batch with it failed, until it was parked with an error that did not name
  // the dispute.

  test('an order whose charge was lost in a dispute before it settled goes to review and blocks no other order', async () => {
    const db = await openOwnDatabase();
    try {
      const [variant] = await makeCatalogue(db);
      if (!variant) throw new Error('no variant was made');
      const lines = [{ variant, quantity: 1 }];
      const disputed = await makePaidOrder(db, { lines });
      const other = await makePaidOrder(db, { lines });
      await recordDispute(db, disputed._id, aLostDispute(disputed.txRef, new Date()));

      expect(await settleAll(db)).toEqual({ confirmed: 1, cancelled: 0, parked: 0, ended: 'drained' });
      expect(await getOrder(db, other._id)).toMatchObject({ status: 'confirmed' });
      const waiting = await getOrder(db, disputed._id);
      expect(waiting).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded', settlement: { attempts: 0 } });
      expect(waiting.settlement.queuedAt).toBeUndefined();
    } finally {
      await db.connection.close();
    }
  });
});

describe('a second charge that a dispute took back', () => {
  // It counted as still owed, so every later refund of the order was made from it and refused.

  const now = new Date();
  const staff = { actor: 'staff:1', now } as const;

  test('a second charge that was lost in a dispute blocks no refund of the order', async () => {
    const db = await openOwnDatabase();
    try {
      const [variant] = await makeCatalogue(db);
      if (!variant) throw new Error('no variant was made');
      const { order, duplicate } = await makePaidTwice(db, { lines: [{ variant, quantity: 1 }], refundId: 'r1' });
      const { _id, total, paidReference } = order;
      const end = (refundId: string, status: string, amount: number) =>
        recordRefund(
          db,
          _id,
          refundId,
          {
            gatewayRefundId: refundId.slice(1),
            status,
            amount,
            currency: 'NGN',
            merchantNote: `rf:${refundId}`,
            disputeId: null,
          },
          now,
        );
      await end('r1', 'failed', total);
      await recordDispute(db, _id, aLostDispute(duplicate, now));

      const part = { ...staff, note: 'a stain', amount: 20_000, refundId: 'r2' };
      expect((await askForRefund(db, _id, part)).refunds.at(-1)).toMatchObject({ reference: paidReference });
      await end('r2', 'processed', 20_000);
      const cancelled = await cancelOrder(db, _id, { ...staff, reason: 'by_staff', refundId: 'r3' });
      expect(cancelled.refunds.at(-1)).toMatchObject({ reference: paidReference, amount: total - 20_000 });
      await end('r3', 'processed', total - 20_000);
      // Refused because everything is refunded, not because of the lost charge.
      const more = askForRefund(db, _id, { ...staff, note: 'again', refundId: 'r4' });
      await expect(more).rejects.toMatchObject({ code: 'REFUND_EXCEEDS_PAYMENT' });
    } finally {
      await db.connection.close();
    }
  });
});
