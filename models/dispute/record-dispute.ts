import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Dispute, Order, PaymentAttempt, Review } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, isDisputed, isInReview, isOpenDispute } from '../order/payment-status.ts';
import { replaceAttempt } from '../payment/replace-attempt.ts';
import { queuedForSettlement, withoutSettlement } from '../settlement/settlement-queue.ts';

const TYPE_OF_STATE = { open: 'dispute_opened', won: 'dispute_won', lost: 'dispute_lost' } as const;

/**
 * Records a dispute as a webhook reports it. May be repeated, raced and called in any order: an ended dispute stays ended,
 * and its deadline is kept. An open one blocks refunds and shipping. A lost one puts its charge in review. A won one
 * queues an order that was parked meanwhile. Unknown references change nothing.
 */
export async function recordDispute(
  db: Database,
  orderId: Types.ObjectId,
  reported: Dispute,
  now: Date,
): Promise<Order> {
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      const known = order.disputes.find(({ disputeId }) => disputeId === reported.disputeId);
      const answerBy = reported.answerBy ?? known?.answerBy;
      const openedAt = known?.openedAt ?? reported.openedAt;
      const dispute = { ...reported, openedAt, ...(answerBy === undefined ? {} : { answerBy }) };
      const attempt = findAttempt(order, dispute.reference);
      if (!attempt || (known && !isOpenDispute(known))) return null;
      if (known?.state === dispute.state && Number(known.answerBy) === Number(dispute.answerBy)) return null;
      const disputes = [...order.disputes.filter(({ disputeId }) => disputeId !== dispute.disputeId), dispute];
      return {
        set: { disputes, ...afterDispute({ ...order, disputes }, attempt, dispute, now) },
        actor: 'paystack',
        event: {
          type: TYPE_OF_STATE[dispute.state],
          data: { disputeId: dispute.disputeId, reference: dispute.reference },
        },
      };
    },
    now,
  );
  return order;
}

/** The consequence of a dispute's end for its charge, and for an order that is parked because of it. */
function afterDispute(order: Order, attempt: PaymentAttempt, { state }: Dispute, now: Date): OrderChange['set'] {
  if (state === 'lost' && !isInReview(attempt)) {
    const review: Review = { cause: 'dispute_lost', openedAt: now };
    return { payments: replaceAttempt(order, { ...attempt, review }), ...withoutSettlement(order, attempt.reference) };
  }
  const { status, paymentStatus, paidReference, settlement } = order;
  const parked = status === 'pending' && paymentStatus === 'paid' && settlement.parkedAt !== undefined;
  const free = state === 'won' && paidReference === attempt.reference && !isDisputed(order, attempt.reference);
  return parked && free ? queuedForSettlement(order, now) : {};
}
