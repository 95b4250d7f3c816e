/** Which of an order's open refunds may be worked on. One refund of a charge is sent to Paystack at a time. Pure. */
import type { Order, Refund } from '../order-document.ts';
import { isRefundOpen } from '../status.ts';

/** True while Paystack has yet to accept it: requested, and without Paystack's id. */
export function isInFlight({ state, gatewayRefundId }: Pick<Refund, 'state' | 'gatewayRefundId'>): boolean {
  return state === 'requested' && gatewayRefundId === undefined;
}

/**
 * The open refunds that may be worked on, in the order in which they were requested. Of each charge's refunds that Paystack
 * has not accepted yet, only one is among them. It is the one that was sent last, because its outcome may be unknown, else
 * the oldest.
 */
export function workableRefunds({ refunds }: Pick<Order, 'refunds'>): Refund[] {
  const turns = new Map<string, Refund>();
  for (const refund of refunds.filter(isInFlight)) {
    const earlier = turns.get(refund.reference);
    if (earlier === undefined || sentTime(refund) > sentTime(earlier)) turns.set(refund.reference, refund);
  }
  return refunds.filter(
    (refund) => isRefundOpen(refund.state) && (!isInFlight(refund) || turns.get(refund.reference) === refund),
  );
}

function sentTime({ sentAt }: Refund): number {
  return sentAt?.getTime() ?? 0;
}

/** True while Paystack works on another refund of the same charge; it may refuse a second one meanwhile. */
export function hasOtherAtPaystack({ refunds }: Pick<Order, 'refunds'>, { refundId, reference }: Refund): boolean {
  return refunds.some(
    (other) => other.refundId !== refundId && other.reference === reference && other.state === 'pending',
  );
}

/**
 * When the first of the workable refunds is due, at the earliest after the back-off of processRefunds on this order.
 * Undefined when none is open, and while that job has parked the order.
 */
export function deriveRefundDueAt(order: Pick<Order, 'refunds' | 'stuck'>): Date | undefined {
  const first = workableRefunds(order)
    .map(({ dueAt, requestedAt }) => dueAt ?? requestedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
  const { parkedAt, retryAt } = order.stuck?.refunds ?? {};
  if (first === undefined || parkedAt !== undefined) return undefined;
  return retryAt !== undefined && retryAt > first ? retryAt : first;
}
