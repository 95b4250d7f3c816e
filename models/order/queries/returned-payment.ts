/** The state of a payment for whoever comes back from it: public, so nothing but the state. */
import type { Types } from 'mongoose';
import type { ReturnedPayment } from '../../contract/pages/first-data.ts';
import type { VerifyStatus } from '../../contract/statuses.ts';
import type { Database } from '../../db/database.ts';
import type { Order } from '../order-document.ts';
import { findAttempt } from '../payment-status.ts';
import { findOrder } from './find-order.ts';

/** Somebody who is sent an order's address later learns nothing by it. */
const RECENT_MS = 48 * 60 * 60_000;

/** One read by the order's unguessable id. Null for an unknown order, and for one whose last attempt to pay is old. */
export async function findReturnedPayment(
  db: Database,
  orderId: Types.ObjectId,
  now: Date,
): Promise<ReturnedPayment | null> {
  const order = await findOrder(db, orderId);
  const attempt = order?.payments.at(-1);
  if (!order || !attempt || now.getTime() - attempt.createdAt.getTime() > RECENT_MS) return null;
  const { reference } = attempt;
  return { orderId: String(order._id), code: order.code, reference, ...stateOfPayment(order, reference) };
}

export function stateOfPayment(order: Order, reference: string): Pick<ReturnedPayment, 'status' | 'inReview'> {
  const status = statusOf(order, reference);
  return { status, ...(status === 'pending' && order.paymentStatus === 'review' ? { inReview: true } : {}) };
}

function statusOf(order: Order, reference: string): VerifyStatus {
  if (order.status === 'cancelled') return 'cancelled';
  if (order.status !== 'pending' || order.paymentStatus === 'paid') return 'paid';
  return order.paymentStatus === 'unpaid' && findAttempt(order, reference)?.status === 'failed' ? 'failed' : 'pending';
}
