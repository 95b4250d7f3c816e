import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { cancelChange } from '../fulfilment/cancel-order.ts';
import { changeOrder } from '../order/change-order.ts';
import { conflict } from '../order/guards.ts';
import type { Order, PaymentAttempt, Review } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, isInReview, isLostInDispute, leftOfCharge } from '../order/payment-status.ts';
import { newRefund, withRefund } from '../refund/request-refund.ts';
import { payingChange } from './evaluate-charge.ts';
import { replaceAttempt } from './replace-attempt.ts';

export interface ReviewDecision {
  reference: string;
  resolution: 'accept' | 'refund';
  /** The domain of our own key. */
  domain: 'test' | 'live';
  /** The id of the refund, should one be owed. */
  refundId: string;
  /** The staff member's user id. */
  actor: string;
  now: Date;
}

/**
 * Ends the review of a charge. `accept`: the charge pays the order as it is, or the loss of reversed money is accepted.
 * `refund`: what is left of the charge is refunded; reversed money needs no refund. A repeat changes nothing.
 * Throws ORDER_STATE_CONFLICT, NOT_FOUND.
 */
export async function resolveReview(db: Database, orderId: Types.ObjectId, decision: ReviewDecision): Promise<Order> {
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      const attempt = findAttempt(order, decision.reference);
      if (!attempt?.review) throw notFound('Review');
      if (!isInReview(attempt)) return null;
      return decision.resolution === 'accept'
        ? acceptReview(order, attempt, decision)
        : refundReview(order, attempt, decision);
    },
    decision.now,
  );
  return order;
}

function resolved(attempt: PaymentAttempt, resolution: Review['resolution'], now: Date): PaymentAttempt {
  const { reason = '', openedAt = now } = attempt.review ?? {};
  return { ...attempt, review: { reason, openedAt, resolvedAt: now, ...(resolution ? { resolution } : {}) } };
}

function acceptReview(order: Order, attempt: PaymentAttempt, { actor, now, domain }: ReviewDecision): OrderChange {
  const accepted = resolved(attempt, 'accepted', now);
  const payments = replaceAttempt(order, accepted);
  const reason = `review of ${attempt.reference} accepted: ${attempt.review?.reason}`;
  if (attempt.status === 'reversed' || order.paidReference === attempt.reference) {
    // The loss is the shop's; an order that waits for this money cannot be delivered for nothing.
    if (order.status === 'pending')
      throw conflict(order, 'the money was taken back; refund the review to cancel the order');
    return { set: { payments }, actor, reason };
  }
  if (order.status !== 'pending' || order.paidReference !== undefined) {
    throw conflict(order, 'the order takes no payment any more; refund the review instead');
  }
  if (attempt.currency !== order.currency || attempt.domain !== domain)
    throw conflict(order, 'money of another currency or domain cannot pay this order; refund the review instead');
  return { ...payingChange(payments, accepted, now), actor, reason };
}

function refundReview(order: Order, attempt: PaymentAttempt, decision: ReviewDecision): OrderChange {
  const { actor, now } = decision;
  const payments = replaceAttempt(order, resolved(attempt, 'refunded', now));
  const reason = `review of ${attempt.reference} refunded: ${attempt.review?.reason}`;
  const ours = attempt.status === 'succeeded' && !isLostInDispute(order, attempt.reference);
  const owed = ours ? leftOfCharge(order, attempt) : 0;
  const refunds = owed > 0 ? withRefund(order, newRefund(attempt, owed, 'review', actor, decision)) : order.refunds;
  const refundData = owed > 0 ? { amount: owed, refundId: decision.refundId } : {};
  const refunded = { ...order, payments, refunds };
  // A pending order without another charge ends with this one; an order that another charge pays is kept.
  if (order.status === 'pending' && (order.paidReference === undefined || order.paidReference === attempt.reference)) {
    const cancelled = cancelChange(
      { ...refunded, paidReference: attempt.reference },
      { ...decision, reason: 'by_staff' },
    );
    const data = { reason: 'by_staff', ...(owed > 0 ? refundData : { returned: true }) };
    const email = { kind: 'order_cancelled' as const, data };
    return { ...cancelled, set: { ...cancelled.set, payments, refunds }, actor, reason, emails: [email] };
  }
  const email = { kind: 'refund_started' as const, data: { reason: 'review', ...refundData } };
  return { set: { payments, refunds }, actor, reason, ...(owed > 0 ? { emails: [email] } : {}) };
}
