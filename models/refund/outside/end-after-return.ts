/** The end of an order whose money has gone back to the customer. Pure. */
import { cancelChange } from '../../fulfilment/cancel-order.ts';
import type { HistoryEvent } from '../../order/history.ts';
import type { Order, PaymentAttempt, Refund } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import { findAttempt } from '../../order/payment-status.ts';
import { canOrderGo } from '../../order/status.ts';
import { replaceAttempt } from '../../payment/replace-attempt.ts';
import { isAllReturned, returnedMoney } from '../../payment/returned-money.ts';
import { restOf } from '../goods/withdrawn-units.ts';

export interface Return {
  /** The refund that was processed with it. */
  ends?: Pick<Refund, 'refundId' | 'amount'>;
  /** Subunits that a dispute took with it. */
  taken?: number;
  /** The id of the refund, should one be owed. */
  refundId: string;
  now: Date;
}

/** The order's end. `event` replaces that of the return itself where the order is cancelled with it. */
export type Ending = Pick<OrderChange, 'set' | 'stock'> & { event?: HistoryEvent };

/**
 * How the order ends, if it does. A sold one is refunded once all of its paying charge has gone back. A pending one is
 * cancelled at once if a bank took any of its charge, and the rest is refunded. By refunds it is cancelled only when they
 * are all of the charge, because staff decide about a part. `order` has the return already.
 */
export function endAfterReturn(order: Order, reference: string, returned: Return): Ending | null {
  const charge = findAttempt(order, reference);
  if (charge?.amount === undefined) return null;
  const all = isAllReturned(returnedMoney(order, charge));
  if (order.status === 'pending')
    return all || returned.taken !== undefined ? cancelled(order, charge, returned) : null;
  if (!all || order.paidReference !== reference || !canOrderGo(order.status, 'refunded')) return null;
  // Units that were neither shipped nor withdrawn are still on the shelf.
  const rest = order.reservation === 'committed' && !keepsRest(order) ? restOf(order) : [];
  return rest.length === 0
    ? { set: { status: 'refunded' } }
    : { set: { status: 'refunded', restocked: true }, stock: rest };
}

/** True when any refund that has not failed is to keep the rest out of stock, whichever of them ends the order. */
function keepsRest({ refunds, paidReference }: Order): boolean {
  return refunds.some(
    ({ reference, state, restockRest }) => reference === paidReference && state !== 'failed' && restockRest === false,
  );
}

/** Not when another charge pays the order, or may yet. */
function cancelled(order: Order, charge: PaymentAttempt, returned: Return): Ending | null {
  const { reference } = charge;
  if (order.paidReference !== undefined && order.paidReference !== reference) return null;
  const { ends, taken, refundId, now } = returned;
  const { reversal: _, ...rest } = charge;
  const closed =
    rest.review === undefined || rest.review.resolvedAt !== undefined
      ? rest
      : { ...rest, review: { ...rest.review, resolvedAt: now, resolution: 'returned' as const } };
  const payments = replaceAttempt(order, closed);
  const request = { reason: 'payment_returned', actor: 'paystack', refundId, now } as const;
  const change = cancelChange({ ...order, payments, paidReference: reference }, request);
  const { event } = change;
  return {
    set: { payments, ...change.set },
    ...(change.stock === undefined ? {} : { stock: change.stock }),
    event: {
      ...event,
      data: {
        ...event.data,
        reference,
        ...(ends === undefined ? {} : { ends: { refundId: ends.refundId, amount: ends.amount } }),
        ...(taken === undefined ? {} : { taken }),
      },
    },
  };
}
