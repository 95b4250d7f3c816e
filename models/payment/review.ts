import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { cancelChange } from '../fulfilment/cancel-order.ts';
import { changeOrder } from '../order/change-order.ts';
import { conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, PaymentAttempt, Review } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, isInReview, isLostInDispute, leftOfCharge } from '../order/payment-status.ts';
import { newRefund, withRefund } from '../refund/new-refund.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';
import { payingChange } from './evaluate-charge.ts';
import { replaceAttempt } from './replace-attempt.ts';

export interface ReviewDecision {
  reference: string;
  resolution: 'accept' | 'refund';
  /** The domain of our own key. */
  domain: 'test' | 'live';
  /** The id of the refund, should one be owed. */
  refundId: string;
  actor: Actor;
  now: Date;
}

/**
 * Ends the review of a charge. `accept`: the charge pays the order as it is, or the loss of reversed money is accepted.
 * `refund`: what is left of the charge is refunded; reversed money needs no refund. A repeat changes nothing.
 * Throws ORDER_STATE_CONFLICT, NOT_FOUND, PREVIEW_OUTDATED.
 */
export async function resolveReview(
  db: Database,
  orderId: Types.ObjectId,
  decision: ReviewDecision,
  expected?: Expected,
): Promise<Order> {
  const decide = expecting((order) => decideReview(order, decision), expected);
  const { order } = await changeOrder(db, orderId, decide, decision.now);
  return order;
}

export function decideReview(order: Order, decision: ReviewDecision): OrderChange | null {
  const found = findAttempt(order, decision.reference);
  if (!found?.review) throw notFound('Review');
  if (!isInReview(found)) return null;
  const attempt = { ...found, review: found.review };
  return decision.resolution === 'accept'
    ? acceptReview(order, attempt, decision)
    : refundReview(order, attempt, decision);
}

/** An attempt whose review is open. */
type ReviewedAttempt = PaymentAttempt & { review: Review };

function resolved(attempt: ReviewedAttempt, resolution: NonNullable<Review['resolution']>, now: Date): PaymentAttempt {
  return { ...attempt, review: { ...attempt.review, resolvedAt: now, resolution } };
}

function acceptReview(order: Order, attempt: ReviewedAttempt, { actor, now, domain }: ReviewDecision): OrderChange {
  const accepted = resolved(attempt, 'accepted', now);
  const payments = replaceAttempt(order, accepted);
  const event = { type: 'review_accepted', data: { reference: attempt.reference } } as const;
  if (attempt.status === 'reversed' || order.paidReference === attempt.reference) {
    // The loss is the shop's; an order that waits for this money cannot be delivered for nothing.
    if (order.status === 'pending')
      throw conflict(order, 'the money was taken back; refund the review to cancel the order');
    return { set: { payments }, actor, event };
  }
  if (order.status !== 'pending' || order.paidReference !== undefined) {
    throw conflict(order, 'the order takes no payment any more; refund the review instead');
  }
  if (attempt.currency !== order.currency || attempt.domain !== domain)
    throw conflict(order, 'money of another currency or domain cannot pay this order; refund the review instead');
  return { ...payingChange(payments, accepted, now), actor, event };
}

function refundReview(order: Order, attempt: ReviewedAttempt, decision: ReviewDecision): OrderChange {
  const { actor, now, refundId } = decision;
  const { reference } = attempt;
  const payments = replaceAttempt(order, resolved(attempt, 'refunded', now));
  const ours = attempt.status === 'succeeded' && !isLostInDispute(order, reference);
  const owed = ours ? leftOfCharge(order, attempt) : 0;
  const refunds =
    owed > 0 ? withRefund(order, attempt, newRefund(attempt, owed, 'review', actor, decision)) : order.refunds;
  const refunded = { ...order, payments, refunds };
  // A pending order without another charge ends with this one; an order that another charge pays is kept.
  if (order.status === 'pending' && (order.paidReference === undefined || order.paidReference === reference)) {
    const cancelled = cancelChange({ ...refunded, paidReference: reference }, { ...decision, reason: 'by_staff' });
    const money = owed > 0 ? { amount: owed, refundId } : { returned: true as const };
    const event = { type: 'order_cancelled', data: { cause: 'by_staff', ...money, reference } } as const;
    return { ...cancelled, set: { ...cancelled.set, payments, refunds }, actor, event };
  }
  const event =
    owed > 0
      ? ({ type: 'review_refunded', data: { reference, amount: owed, refundId } } as const)
      : ({ type: 'review_closed', data: { reference } } as const);
  return { set: { payments, refunds }, actor, event };
}
