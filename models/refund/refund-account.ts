/** Refunds that Paystack cannot send without the customer's bank account, such as those of a bank transfer. */
import { notFound } from '../errors.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';

type RefundAtPaystack = Refund & { gatewayRefundId: string };

/** Throws NOT_FOUND; ORDER_STATE_CONFLICT when Paystack needs no account for this refund. */
export function getRefundWithoutAccount(order: Order, refundId: string): RefundAtPaystack {
  const refund = order.refunds.find((other) => other.refundId === refundId);
  if (refund === undefined) throw notFound('Refund');
  const { gatewayRefundId, state } = refund;
  if (state !== 'needs_attention' || gatewayRefundId === undefined)
    throw conflict(order, 'Paystack asks for no bank account for this refund');
  assertHistoryHasRoom(order);
  return { ...refund, gatewayRefundId };
}

/** The entry says who sent an account, and nothing of the account itself. */
export function decideAccountSent(
  order: Order,
  { refundId, actor }: { refundId: string; actor: Actor; now: Date },
): OrderChange {
  const { amount } = getRefundWithoutAccount(order, refundId);
  return { set: {}, actor, event: { type: 'refund_account_sent', data: { refundId, amount } } };
}
