/**
 * When staff ended a review by a refund, the customer's email named neither the refund nor its amount, so nobody was told
 * of the money on its way, and the outbox could not be held beside the refunds.
 */
import { expect, test } from '@jest/globals';
import { resolveReview } from '../../models/payment/review.ts';
import { makeCatalogue, makePendingOrder, openOwnDatabase, payOrder } from '../support/orders.ts';

test('the email about a review that ends in a refund names the refund and its amount', async () => {
  const db = await openOwnDatabase();
  try {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const now = new Date();
    const order = await makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
    await payOrder(db, order, { amount: order.total - 1 });
    const decision = { reference: order.txRef, resolution: 'refund', domain: 'test', actor: 'staff-1' } as const;
    const ended = await resolveReview(db, order._id, { ...decision, refundId: 'r1', now });

    expect(ended).toMatchObject({ status: 'cancelled', refunds: [{ refundId: 'r1', amount: order.total - 1 }] });
    const email = await db.emails.findOne({ orderId: order._id, kind: 'order_cancelled' }).lean();
    expect(email?.data).toEqual({ reason: 'by_staff', amount: order.total - 1, refundId: 'r1' });
  } finally {
    await db.connection.close();
  }
});
