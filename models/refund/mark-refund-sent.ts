import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { isDisputed } from '../dispute/open-disputes.ts';
import { changeOrder } from '../order/change-order.ts';
import { workableRefunds } from '../order/money/open-refunds.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { type RefundStep, refundChange } from './change-refund.ts';
import { leftForRefund } from './left-for-refund.ts';
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
  /** Other refunds or a dispute left less of its charge: it is sent with the smaller amount next. */
  | 'reduced'
  /** All of its charge has gone back another way: it ends as failed. */
  | 'returned_before';

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
      const decided = decideSending(order, refund, now);
      decision = decided.decision;
      return decided.change;
    },
    now,
  );
  return decision;
}

/** The decision about an open refund that Paystack does not have yet, and the change that it makes. Pure. */
export function decideSending(
  order: Order,
  refund: Refund,
  now: Date,
): { decision: SendDecision; change: OrderChange } {
  const decision = decideToSend(order, refund);
  return { decision, change: refundChange(order, sendStep(order, refund, decision, now), now) };
}

function decideToSend(order: Order, refund: Refund): SendDecision {
  if (isDisputed(order, refund.reference)) return 'disputed';
  const left = leftForRefund(order, refund);
  if (left < 1) return 'returned_before';
  if (left < refund.amount) return 'reduced';
  return refund.state === 'needs_attention' ? 'needs_staff' : 'send';
}

function sendStep(order: Order, refund: Refund, decision: SendDecision, now: Date): RefundStep {
  const after = (waitMs: number) => new Date(now.getTime() + waitMs);
  const { refundId } = refund;
  switch (decision) {
    case 'returned_before': {
      const lastError = 'all of the charge has gone back another way';
      const event = { type: 'refund_failed', data: { refundId, amount: refund.amount } } as const;
      return { refund: { ...refund, state: 'failed', lastError }, event };
    }
    case 'reduced': {
      const amount = leftForRefund(order, refund);
      return {
        refund: { ...refund, amount, dueAt: now },
        event: { type: 'refund_reduced', data: { refundId, amount } },
      };
    }
    case 'disputed':
      return { refund: { ...refund, dueAt: after(NEXT_CHECK_MS) } };
    case 'needs_staff':
      return { refund: { ...refund, dueAt: after(STAFF_CHECK_MS) } };
    default:
      return { refund: { ...refund, sentAt: now } };
  }
}
