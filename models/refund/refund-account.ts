/** Refunds that Paystack cannot send without the customer's bank account, such as those of a bank transfer. */
import { isDisputed } from '../dispute/open-disputes.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { leftForRefund } from './left-for-refund.ts';
import { getRefund } from './staff-refund-actions.ts';

type RefundAtPaystack = Refund & { gatewayRefundId: string };

/**
 * Throws NOT_FOUND; ORDER_STATE_CONFLICT when Paystack needs no account for this refund. Also when its charge is disputed or
 * has gone back, because the money would go back twice.
 */
export function getRefundWithoutAccount(order: Order, refundId: string): RefundAtPaystack {
  const refund = getRefund(order, refundId);
  const { gatewayRefundId, state } = refund;
  if (state !== 'needs_attention' || gatewayRefundId === undefined)
    throw conflict(order, 'Paystack asks for no bank account for this refund');
  if (isDisputed(order, refund.reference))
    throw conflict(order, 'the payment is disputed, and the bank may give the same money back; wait for its decision');
  if (leftForRefund(order, refund) < refund.amount)
    throw conflict(order, 'the money of this refund has gone back another way');
  assertHistoryHasRoom(order);
  return { ...refund, gatewayRefundId };
}

/** Whether an account may be sent now. Throws like getRefundWithoutAccount. */
export function decideAccountSent(order: Order, request: AccountSent): OrderChange {
  getRefundWithoutAccount(order, request.refundId);
  return recordAccountSent(order, request);
}

interface AccountSent {
  refundId: string;
  actor: Actor;
}

/** Of an account that was sent, whatever has become of the refund since. The entry says nothing of the account itself. */
export function recordAccountSent(order: Order, { refundId, actor }: AccountSent): OrderChange {
  const { amount } = getRefund(order, refundId);
  return { set: {}, actor, event: { type: 'refund_account_sent', data: { refundId, amount } } };
}
