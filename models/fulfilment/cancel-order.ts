import type { Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import type { StockReturn } from '../catalogue/return-stock.ts';
import type { CancelReason } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertNoOpenDispute, assertNoRefundInFlight, assertNotInReview, conflict } from '../order/guards.ts';
import type { Actor, HistoryEvent } from '../order/history.ts';
import type { Order, OrderItem, Refund } from '../order/order-document.ts';
import type { OrderChange, OrderState } from '../order/order-write.ts';
import { findLeadingCharge, findPayingCharge, isLostInDispute, leftOfCharge } from '../order/payment-status.ts';
import { withinRefundLimit } from '../refund/refund-limit.ts';
import { newRefund, withRefund } from '../refund/request-refund.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';

export interface CancelRequest {
  reason: Exclude<CancelReason, 'short_stock'>;
  /** Put what was sold back into stock: yes by default for a confirmed order. */
  restock?: boolean;
  /** The id of the refund, should one be owed. */
  refundId: string;
  actor: Actor;
  now: Date;
  /** Subunits; of the actor's role. */
  refundLimit?: number;
}

/**
 * Cancels a pending order (customer, staff or expiry) or a confirmed one (staff). One transaction releases the reserved
 * stock or, on request, restocks the sold items, and requests the refund of the payment. A repeat changes nothing. Throws
 * ORDER_STATE_CONFLICT, FORBIDDEN (beyond the limit of refunds), PREVIEW_OUTDATED.
 */
export async function cancelOrder(
  db: Database,
  orderId: Types.ObjectId,
  request: CancelRequest,
  expected?: Expected,
): Promise<Order> {
  const decide = expecting(
    withinRefundLimit((order) => decideCancel(order, request), request.refundLimit),
    expected,
  );
  const { order } = await changeOrder(db, orderId, decide, request.now);
  return order;
}

export function decideCancel(order: Order, request: CancelRequest): OrderChange | null {
  if (order.status === 'cancelled') return null;
  assertCancellable(order, request);
  return cancelChange(order, request);
}

function assertCancellable(order: Order, { reason }: CancelRequest): void {
  const byStaff = reason === 'by_staff';
  if (order.status !== 'pending' && !(byStaff && order.status === 'confirmed')) {
    throw conflict(order, `a ${order.status} order cannot be cancelled${byStaff ? '; refund it instead' : ''}`);
  }
  assertNotInReview(order);
  assertNoOpenDispute(order, 'it must end first');
  if (order.status === 'confirmed' && order.paidReference !== undefined)
    assertNoRefundInFlight(order, order.paidReference, 'its charge');
}

type Cancellation = Omit<CancelRequest, 'reason'> & { reason: CancelReason };
type CancelChange = OrderChange & { event: HistoryEvent<'order_cancelled'> };
type CancelledOrder = Omit<OrderState, 'items'> &
  Pick<Order, 'reservation' | 'settlement'> & { items: readonly Pick<OrderItem, 'variantId' | 'quantity'>[] };

/** The change that cancels the order, with the refund and returned stock that it owes. Pure. */
export function cancelChange(order: CancelledOrder, request: Cancellation): CancelChange {
  const { reason, actor, restock } = request;
  const refund = owedRefund(order, request);
  // A captured charge that is not owed was refunded at Paystack or taken back by a bank.
  const returned = refund === null && findLeadingCharge(order) !== null;
  const releases = order.reservation === 'reserved';
  const restocks = order.reservation === 'committed' && restock !== false;
  const as: StockReturn['as'] | null = releases ? 'release' : restocks ? 'restock' : null;
  return {
    set: {
      status: 'cancelled',
      cancelReason: reason,
      reservation: releases ? 'released' : order.reservation,
      ...(restocks ? { restocked: true } : {}),
      settlement: { attempts: order.settlement.attempts },
      verifyDueAt: undefined,
      ...(refund ? { refunds: withRefund(order, refund) } : {}),
    },
    actor,
    event: {
      type: 'order_cancelled',
      data: {
        cause: reason,
        ...(refund ? { amount: refund.amount, refundId: refund.refundId } : {}),
        ...(returned ? { returned } : {}),
      },
    },
    ...(as === null ? {} : { stock: quantitiesByVariant(order.items).map((units) => ({ ...units, as })) }),
  };
}

/** A refund of all that is left of the paying charge; null when nothing is left, or a bank took the charge. */
function owedRefund(order: OrderState, request: Cancellation): Refund | null {
  const charge = findPayingCharge(order);
  if (charge?.status !== 'succeeded' || isLostInDispute(order, charge.reference)) return null;
  const owed = leftOfCharge(order, charge);
  return owed > 0 ? newRefund(charge, owed, request.reason, request.actor, request) : null;
}
