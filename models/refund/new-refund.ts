/** A refund as it enters the order. Pure. */
import type { RefundCause } from '../contract/statuses.ts';
import type { Actor } from '../order/history.ts';
import type { Order, PaymentAttempt, Refund } from '../order/order-document.ts';
import { returnedMoney } from '../payment/returned-money.ts';

/** A refund of `amount` subunits of this charge, to be pushed in the update that owes it. */
export function newRefund(
  charge: PaymentAttempt,
  amount: number,
  cause: RefundCause,
  requestedBy: Actor,
  { refundId, now }: { refundId: string; now: Date },
): Refund {
  if (amount < 1) throw new Error(`Charge ${charge.reference}: a refund of ${amount} is none.`);
  return {
    refundId,
    reference: charge.reference,
    amount,
    cause,
    state: 'requested',
    requestedAt: now,
    requestedBy,
    attempts: 0,
  };
}

/**
 * The order's refunds with a new one. A refund of all that is left of its charge stands for the last one that failed,
 * because nothing of that is owed any more. One with lines, or one that stands for another, does not.
 */
export function withRefund(
  order: Pick<Order, 'refunds' | 'disputes' | 'currency'>,
  charge: PaymentAttempt,
  refund: Refund,
): Refund[] {
  const isAll = refund.amount >= returnedMoney(order, charge).left;
  const stands = isAll && refund.lines === undefined && refund.replaces === undefined;
  const failed = stands ? findUnreplacedFailure(order, charge.reference) : undefined;
  return [...order.refunds, failed === undefined ? refund : { ...refund, replaces: failed.refundId }];
}

/** The last refund of the charge that failed and that no other stands for. */
export function findUnreplacedFailure({ refunds }: Pick<Order, 'refunds'>, reference: string): Refund | undefined {
  const replaced = new Set(refunds.map(({ replaces }) => replaces));
  return refunds.findLast(
    (refund) => refund.reference === reference && refund.state === 'failed' && !replaced.has(refund.refundId),
  );
}
