import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { workableRefunds } from '../order/money/open-refunds.ts';
import type { Order, Refund } from '../order/order-document.ts';
import { isDisputed, isLostInDispute } from '../order/payment-status.ts';
import { type RefundStep, refundChange } from './change-refund.ts';
import { NEXT_CHECK_MS, STAFF_CHECK_MS } from './refund-schedule.ts';

export type SendDecision =
  /** Create it at Paystack now. */
  | 'send'
  /** The claim's holder was paused, and another worker has it, or another refund of the charge is sent first. */
  | 'claim_lost'
  /** It needs attention: staff retry it. */
  | 'needs_staff'
  /** Its charge is disputed: the bank may return the same money. */
  | 'disputed'
  /** A bank took its charge: it ends as failed. */
  | 'lost_in_dispute';

/**
 * The last check before a refund is created at Paystack. `send` stores `sentAt` first: from then on the outcome is unknown
 * until Paystack's list shows it. `claimed` is the refund as it was claimed. May be raced: one worker gets `send`.
 */
export async function markRefundSent(
  db: Database,
  orderId: Types.ObjectId,
  claimed: Refund,
  now: Date,
): Promise<SendDecision> {
  let decision: SendDecision = 'claim_lost';
  await changeOrder(
    db,
    orderId,
    (order) => {
      decision = 'claim_lost';
      const refund = order.refunds.find(({ refundId }) => refundId === claimed.refundId);
      const stillClaimed =
        refund?.dueAt?.getTime() === claimed.dueAt?.getTime() && refund?.gatewayRefundId === undefined;
      if (!refund || !stillClaimed || !workableRefunds(order).includes(refund)) return null;
      decision = decideToSend(order, refund);
      return refundChange(order, sendStep(refund, decision, now), now);
    },
    now,
  );
  return decision;
}

function decideToSend(order: Order, { reference, state }: Refund): SendDecision {
  if (isLostInDispute(order, reference)) return 'lost_in_dispute';
  if (isDisputed(order, reference)) return 'disputed';
  return state === 'needs_attention' ? 'needs_staff' : 'send';
}

function sendStep(refund: Refund, decision: SendDecision, now: Date): RefundStep {
  const after = (waitMs: number) => new Date(now.getTime() + waitMs);
  switch (decision) {
    case 'lost_in_dispute': {
      const lastError = 'the charge was lost in a dispute: the bank has given the money back';
      const event = { type: 'refund_failed', data: { refundId: refund.refundId, amount: refund.amount } } as const;
      return { refund: { ...refund, state: 'failed', lastError }, event };
    }
    case 'disputed':
      return { refund: { ...refund, dueAt: after(NEXT_CHECK_MS) } };
    case 'needs_staff':
      return { refund: { ...refund, dueAt: after(STAFF_CHECK_MS) } };
    default:
      return { refund: { ...refund, sentAt: now } };
  }
}
