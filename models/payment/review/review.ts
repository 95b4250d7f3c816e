import type { Types } from 'mongoose';
import type { Database } from '../../db/database.ts';
import { notFound } from '../../errors.ts';
import { cancelChange } from '../../fulfilment/cancel-order.ts';
import { changeOrder } from '../../order/change-order.ts';
import { conflict } from '../../order/guards.ts';
import type { Order, PaymentAttempt, Review } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import { findAttempt, isInReview } from '../../order/payment-status.ts';
import { newRefund, withRefund } from '../../refund/new-refund.ts';
import { queuedForSettlement } from '../../settlement/settlement-queue.ts';
import { type Expected, expecting } from '../../staff-actions/preview.ts';
import { payingChange } from '../evaluate-charge.ts';
import { replaceAttempt } from '../replace-attempt.ts';
import { returnedMoney, returnedSum } from '../returned-money.ts';
import type { ReviewDecision, ReviewedAttempt } from './review-decision.ts';
import { decideReturned } from './review-returned.ts';

/**
 * Ends the review of a charge. `accept`: the charge pays the order as it is. `refund`: what is left of the charge is
 * refunded. `returned`: of a charge that was reversed without a known reason, how much went back; the order then goes on.
 * A repeat changes nothing. Throws ORDER_STATE_CONFLICT, NOT_FOUND, REFUND_EXCEEDS_PAYMENT, PREVIEW_OUTDATED.
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
  const isReversal = attempt.review.cause === 'reversed_unexplained';
  if (isReversal !== (decision.resolution === 'returned'))
    throw conflict(
      order,
      isReversal
        ? 'Paystack calls the charge reversed: enter how much of it went back'
        : 'this review is not about a reversal; accept or refund it',
    );
  switch (decision.resolution) {
    case 'accept':
      return acceptReview(order, attempt, decision);
    case 'refund':
      return refundReview(order, attempt, decision);
    case 'returned':
      return decideReturned(order, attempt, decision);
  }
}

function resolved(attempt: ReviewedAttempt, resolution: NonNullable<Review['resolution']>, now: Date): PaymentAttempt {
  return { ...attempt, review: { ...attempt.review, resolvedAt: now, resolution } };
}

function acceptReview(order: Order, attempt: ReviewedAttempt, { actor, now, domain }: ReviewDecision): OrderChange {
  const { reference } = attempt;
  const accepted = resolved(attempt, 'accepted', now);
  const payments = replaceAttempt(order, accepted);
  const event = { type: 'review_accepted', data: { reference } } as const;
  const { open, ...money } = returnedMoney(order, attempt);
  // An order that waits for this money cannot be delivered for a part of it.
  if (order.status === 'pending' && open + returnedSum({ open, ...money }) > 0)
    throw conflict(order, 'some of the money went back; refund the review to cancel the order');
  if (order.paidReference === reference) {
    const queued = order.status === 'pending' ? queuedForSettlement(order, now) : {};
    return { set: { payments, ...queued }, actor, event };
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
  const { left: owed } = returnedMoney(order, attempt);
  const refunds =
    owed > 0 ? withRefund(order, attempt, newRefund(attempt, owed, 'review', actor, decision)) : order.refunds;
  const refunded = { ...order, payments, refunds };
  // A pending order without another charge ends with this one; an order that another charge pays is kept.
  if (order.status === 'pending' && (order.paidReference === undefined || order.paidReference === reference)) {
    // The parts that had gone back, or were on their way, before this refund.
    const before = cancelChange({ ...order, payments, paidReference: reference }, { ...decision, reason: 'by_staff' });
    const cancelled = cancelChange({ ...refunded, paidReference: reference }, { ...decision, reason: 'by_staff' });
    const { returned, underWay } = before.event.data;
    const data = {
      cause: 'by_staff' as const,
      ...(owed > 0 ? { amount: owed, refundId } : {}),
      ...(returned === undefined ? {} : { returned }),
      ...(underWay === undefined ? {} : { underWay }),
      reference,
    };
    return {
      ...cancelled,
      set: { ...cancelled.set, payments, refunds },
      actor,
      event: { type: 'order_cancelled', data },
    };
  }
  const event =
    owed > 0
      ? ({ type: 'review_refunded', data: { reference, amount: owed, refundId } } as const)
      : ({ type: 'review_closed', data: { reference } } as const);
  return { set: { payments, refunds }, actor, event };
}
