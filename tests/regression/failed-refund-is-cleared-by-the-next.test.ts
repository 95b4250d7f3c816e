/**
 * A bug once: a refund that had failed waited for staff for ever after the cancellation, or the end of a review, had
 * requested its money anew, and after a bank had given the money back.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../models/db/database.ts';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { getOrder } from '../../models/order/find-order.ts';
import type { Order } from '../../models/order/order-document.ts';
import { resolveReview } from '../../models/payment/review.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { requestRefund } from '../../models/refund/request-refund.ts';
import { makeCatalogue, makeConfirmedOrder, openOwnDatabase } from '../support/orders.ts';

const now = new Date();
const staff = { actor: 'staff', now };
let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

/** A confirmed order, a part of which should have gone back. */
async function withFailedRefund(): Promise<Order> {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  const { _id } = await makeConfirmedOrder(db, { lines: [{ variant, quantity: 1 }] });
  await requestRefund(db, _id, { ...staff, amount: 20_000, reason: 'a stain', refundId: 'r1' });
  const failed = { gatewayRefundId: '1', status: 'failed', amount: 20_000, currency: 'NGN', merchantNote: 'rf:r1' };
  const order = await recordRefund(db, _id, 'r1', failed, now);
  expect(order.refundAttentionSince).toBeDefined();
  return order;
}

test('a refund that failed is replaced by the one that the cancellation requests', async () => {
  const { _id, total } = await withFailedRefund();
  const order = await cancelOrder(db, _id, { ...staff, reason: 'by_staff', refundId: 'r2' });
  expect(order.refunds).toMatchObject([{ replacedBy: 'r2' }, { refundId: 'r2', amount: total }]);
  expect(order.refundAttentionSince).toBeUndefined();
});

test('a refund that failed is replaced by the one that ends a review', async () => {
  const { _id, txRef, total, payments } = await withFailedRefund();
  const review = { reason: 'looked at', openedAt: now };
  await db.orders.updateOne({ _id }, { $set: { payments: payments.map((charge) => ({ ...charge, review })) } });
  const decision = { ...staff, reference: txRef, resolution: 'refund', domain: 'test', refundId: 'r2' } as const;
  const order = await resolveReview(db, _id, decision);
  expect(order.refunds).toMatchObject([{ replacedBy: 'r2' }, { refundId: 'r2', amount: total }]);
  expect(order.refundAttentionSince).toBeUndefined();
});

test('a refund that failed waits for nobody once its charge is lost in a dispute', async () => {
  const { _id, txRef } = await withFailedRefund();
  await recordDispute(db, _id, { disputeId: 'd1', reference: txRef, state: 'lost', dueAt: null }, now);
  expect((await getOrder(db, _id)).refundAttentionSince).toBeUndefined();
});
