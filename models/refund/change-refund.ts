/** Changes of one refund of an order, and what its end means for the order. */
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Actor, HistoryEvent } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { isRefundOpen } from '../order/status.ts';
import { endAfterReturn } from './outside/end-after-return.ts';

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

/** The change by which a refund ends, and with it the order when all has gone back. Pure. */
export function endRefund(
  order: Order,
  ended: Refund,
  { now, actor, event }: { now: Date; actor: Actor; event: HistoryEvent | undefined },
): OrderChange {
  const { dueAt: _, ...refund } = { ...ended, endedAt: now };
  const { refundId, amount, reference, state } = refund;
  const refunds = replaceRefund(order, refund);
  // Nothing is left of the charge when such a refund ends its order, so none is owed and no id is needed.
  const returned = { ends: { refundId, amount }, refundId: '', now };
  const ending = state === 'processed' ? endAfterReturn({ ...order, refunds }, reference, returned) : null;
  const said = ending?.event ?? event;
  return {
    set: { refunds, ...ending?.set },
    actor,
    ...(ending?.stock === undefined ? {} : { stock: ending.stock }),
    ...(said === undefined ? {} : { event: said }),
  };
}

export function replaceRefund(order: Pick<Order, 'refunds'>, refund: Refund): Refund[] {
  return order.refunds.map((other) => (other.refundId === refund.refundId ? refund : other));
}
