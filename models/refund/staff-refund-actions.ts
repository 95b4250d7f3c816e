import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, isFailureOwed } from '../order/payment-status.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { endRefund, replaceRefund } from './change-refund.ts';
import { newRefund } from './new-refund.ts';

/** True for a refund that needs attention and that Paystack never accepted. */
export function isRefused({ state, gatewayRefundId }: Refund): boolean {
  return state === 'needs_attention' && gatewayRefundId === undefined;
}

/** Requests again a refund that needs attention and that Paystack never accepted. Throws ORDER_STATE_CONFLICT. */
export async function retryRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  actor: Actor,
  now: Date,
): Promise<Order> {
  const decide = (order: Order) => decideRetryRefund(order, { refundId, actor, now });
  const { order } = await changeOrder(db, orderId, decide, now);
  return order;
}

export function decideRetryRefund(
  order: Order,
  { refundId, actor, now }: { refundId: string; actor: Actor; now: Date },
): OrderChange {
  const refund = getRefund(order, refundId);
  assertHistoryHasRoom(order);
  if (!isRefused(refund)) {
    throw conflict(order, 'only a refund that needs attention and that Paystack never accepted can be tried again');
  }
  const again: Refund = { ...refund, state: 'requested', attempts: 0, dueAt: now };
  return {
    set: { refunds: replaceRefund(order, again) },
    actor,
    event: { type: 'refund_retried', data: { refundId, amount: refund.amount } },
  };
}

export interface RefundPaidElsewhere {
  /** The refund that cannot reach its end. */
  refundId: string;
  /** How the money was returned, in staff's words. */
  note: string;
  /** Names the refund that is entered in place of one that failed. */
  newRefundId: string;
  actor: Actor;
  now: Date;
}

/**
 * Records that the customer was paid outside Paystack: the refund counts as processed, nothing is sent, and the customer is
 * emailed. Only for a refund that Paystack never accepted, or one that failed, which is replaced. A repeat changes
 * nothing. Throws NOT_FOUND, ORDER_STATE_CONFLICT (Paystack may still send it, or nothing is owed).
 */
export async function recordRefundPaidElsewhere(
  db: Database,
  orderId: Types.ObjectId,
  request: RefundPaidElsewhere,
): Promise<Order> {
  const { order } = await changeOrder(db, orderId, (order) => decidePaidElsewhere(order, request), request.now);
  return order;
}

export function decidePaidElsewhere(
  order: Order,
  { refundId, note, newRefundId, actor, now }: RefundPaidElsewhere,
): OrderChange | null {
  const refund = getRefund(order, refundId);
  const replacement = order.refunds.find(({ replaces }) => replaces === refundId);
  if ((replacement ?? refund).paidElsewhereBy !== undefined) return null;
  const paidElsewhere = { state: 'processed', paidElsewhereBy: actor, paidElsewhereNote: note } as const;
  const { amount } = refund;
  if (isRefused(refund))
    return endRefund(
      order,
      { ...refund, ...paidElsewhere },
      { now, actor, event: { type: 'refund_paid_elsewhere', data: { refundId, amount } } },
    );
  if (!isFailureOwed(order, refund)) {
    throw conflict(order, 'only a refund that failed, or that Paystack never accepted, can be returned another way');
  }
  const charge = findAttempt(order, refund.reference);
  if (!charge || amount > returnedMoney(order, charge).left) {
    throw conflict(order, 'so much is not left of its charge');
  }
  const replacing = newRefund(charge, amount, refund.cause, actor, { refundId: newRefundId, now });
  const entered: Refund = { ...replacing, replaces: refundId };
  const refunds = [...order.refunds, entered];
  return endRefund(
    { ...order, refunds },
    { ...entered, ...paidElsewhere },
    {
      now,
      actor,
      event: { type: 'refund_paid_elsewhere', data: { refundId: newRefundId, amount, replaces: refundId } },
    },
  );
}

/** Throws NOT_FOUND. */
export function getRefund(order: Order, refundId: string): Refund {
  const refund = order.refunds.find((other) => other.refundId === refundId);
  if (!refund) throw notFound('Refund');
  return refund;
}
