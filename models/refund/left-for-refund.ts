import type { Order, Refund } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import { returnedMoney } from '../payment/returned-money.ts';

/** Subunits of the refund's charge that no other refund, dispute or recorded payment has claimed. Pure. */
export function leftForRefund(order: Order, refund: Refund): number {
  const charge = findAttempt(order, refund.reference);
  if (charge === null) return 0;
  const refunds = order.refunds.filter((other) => other.refundId !== refund.refundId);
  return returnedMoney({ ...order, refunds }, charge).left;
}
