/**
 * A bug once: a second charge that was lost in a dispute counted as still owed, so every later refund of the order was
 * aimed at it, and refused.
 */
import { expect, test } from '@jest/globals';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { resolveReview } from '../../models/payment/review.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { requestRefund } from '../../models/refund/request-refund.ts';
import { makeCatalogue, makePaidTwice, openOwnDatabase } from '../support/orders.ts';

const now = new Date();
const staff = { actor: 'staff', now };

test('a second charge that was lost in a dispute stands in the way of no refund of the order', async () => {
  const db = await openOwnDatabase();
  try {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const { order, surplus } = await makePaidTwice(db, { lines: [{ variant, quantity: 1 }], refundId: 'r1' });
    const { _id, total, paidReference } = order;
    const end = (refundId: string, status: string, amount: number) =>
      recordRefund(
        db,
        _id,
        refundId,
        { gatewayRefundId: refundId.slice(1), status, amount, currency: 'NGN', merchantNote: `rf:${refundId}` },
        now,
      );
    await end('r1', 'failed', total);
    await recordDispute(db, _id, { disputeId: 'd1', reference: surplus, state: 'lost', dueAt: null }, now);
    const decision = { reference: surplus, resolution: 'refund', domain: 'test', refundId: 'none' } as const;
    await resolveReview(db, _id, { ...staff, ...decision });

    const part = { ...staff, reason: 'a stain', amount: 20_000, refundId: 'r2' };
    expect((await requestRefund(db, _id, part)).refunds.at(-1)).toMatchObject({ reference: paidReference });
    await end('r2', 'processed', 20_000);
    const cancelled = await cancelOrder(db, _id, { ...staff, reason: 'by_staff', refundId: 'r3' });
    expect(cancelled.refunds.at(-1)).toMatchObject({ reference: paidReference, amount: total - 20_000 });
    await end('r3', 'processed', total - 20_000);
    // Nothing is owed any more: not refused because of the lost charge, but because all is back.
    const more = requestRefund(db, _id, { ...staff, reason: 'again', refundId: 'r4' });
    await expect(more).rejects.toMatchObject({ code: 'REFUND_EXCEEDS_PAYMENT' });
  } finally {
    await db.connection.close();
  }
});
