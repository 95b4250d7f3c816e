/** Changes of one refund of an order, and what its end means for the order. */
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Actor, HistoryEvent } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findPayingCharge, processedRefunds } from '../order/payment-status.ts';
import { canOrderGo, isRefundOpen } from '../order/status.ts';
import { restOf } from './goods/withdrawn-units.ts';

export interface RefundStep {
  refund: Refund;
  /** For the history, when the state moved. */
  event?: HistoryEvent;
  /** A failure of processRefunds, for the timeline. */
  error?: string;
}

/** Changes an open refund by `alter`, which must be pure. An unknown or ended refund is left alone. */
export async function changeRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  now: Date,
  alter: (refund: Refund, order: Order) => RefundStep,
): Promise<Order> {
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      const refund = order.refunds.find((other) => other.refundId === refundId);
      if (!refund || !isRefundOpen(refund.state)) return null;
      return refundChange(order, alter(refund, order), now);
    },
    now,
  );
  return order;
}

/** The change of the order that a step of one of its refunds makes. Pure. */
export function refundChange(order: Order, { refund, event, error }: RefundStep, now: Date): OrderChange {
  const failure = error === undefined ? {} : { failure: { job: 'processRefunds' as const, error } };
  if (!isRefundOpen(refund.state))
    return { ...endRefund(order, refund, { now, actor: 'paystack', event }), ...failure };
  return {
    set: { refunds: replaceRefund(order, refund) },
    actor: error === undefined ? 'paystack' : 'system',
    ...failure,
    ...(event === undefined ? {} : { event }),
  };
}

/**
 * The change by which a refund ends; the last of a full refund ends the order as `refunded`. Pure.
 */
export function endRefund(
  order: Order,
  ended: Refund,
  { now, actor, event }: { now: Date; actor: Actor; event: HistoryEvent | undefined },
): OrderChange {
  const { dueAt: _, ...refund } = { ...ended, endedAt: now };
  const refunds = replaceRefund(order, refund);
  const processed = refund.state === 'processed';
  const endsOrder = processed && isFullyRefunded({ ...order, refunds }) && canOrderGo(order.status, 'refunded');
  // Units that were neither shipped nor withdrawn are still on the shelf.
  const rest = endsOrder && order.reservation === 'committed' && !keepsRest({ ...order, refunds }) ? restOf(order) : [];
  return {
    set: {
      refunds,
      ...(endsOrder ? { status: 'refunded' as const } : {}),
      ...(rest.length === 0 ? {} : { restocked: true }),
    },
    actor,
    ...(rest.length === 0 ? {} : { stock: rest }),
    ...(event === undefined ? {} : { event }),
  };
}

/** True when any refund that has not failed is to keep the rest out of stock, whichever of them ends the order. */
function keepsRest({ refunds, paidReference }: Order): boolean {
  return refunds.some(
    ({ reference, state, restockRest }) => reference === paidReference && state !== 'failed' && restockRest === false,
  );
}

/** True when processed refunds have reached what the order's paying charge captured. */
function isFullyRefunded(order: Order): boolean {
  const charge = findPayingCharge(order);
  return charge?.amount !== undefined && processedRefunds(order, charge.reference) >= charge.amount;
}

export function replaceRefund(order: Pick<Order, 'refunds'>, refund: Refund): Refund[] {
  return order.refunds.map((other) => (other.refundId === refund.refundId ? refund : other));
}
