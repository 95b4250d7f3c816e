import type { Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import type { StockReturn } from '../catalogue/return-stock.ts';
import type { CancelReason } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertNoOpenDispute, assertNotFullyRefunding, assertNotInReview, conflict } from '../order/guards.ts';
import type { Actor, HistoryEvent } from '../order/history.ts';
import type { Order, OrderItem, Refund } from '../order/order-document.ts';
import type { OrderChange, OrderState } from '../order/order-write.ts';
import { findLeadingCharge, findPayingCharge } from '../order/payment-status.ts';
import { unitsByLine } from '../order/units.ts';
import { returnedMoney, returnedSum } from '../payment/returned-money.ts';
import { restOf } from '../refund/goods/withdrawn-units.ts';
import { newRefund, withRefund } from '../refund/new-refund.ts';
import { withinRefundLimit } from '../refund/refund-limit.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';

export interface CancelRequest {
  reason: Exclude<CancelReason, 'short_stock' | 'payment_returned'>;
  /** False: units that were sold, and neither shipped nor withdrawn, stay out of stock. */
  restockRest?: boolean;
  /** Staff's own words, stored with the refund. */
  note?: string;
  /** The id of the refund, should one be owed. */
  refundId: string;
  actor: Actor;
  now: Date;
  /** Subunits; of the actor's role. */
  refundLimit?: number;
}

/**
 * Cancels a pending order (customer, staff or expiry) or a confirmed one of which nothing was shipped (staff). One
 * transaction releases the reserved stock or puts the sold units back, and requests the refund of the rest of the
 * payment. A repeat changes nothing. Throws ORDER_STATE_CONFLICT, FORBIDDEN (beyond the limit of refunds),
 * PREVIEW_OUTDATED.
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
  const sold = order.reservation === 'committed' && request.restockRest !== false;
  return cancelChange(order, request, sold ? restOf(order) : []);
}

function assertCancellable(order: Order, { reason }: CancelRequest): void {
  const byStaff = reason === 'by_staff';
  if (order.status !== 'pending' && !(byStaff && order.status === 'confirmed')) {
    throw conflict(order, `a ${order.status} order cannot be cancelled${byStaff ? '; refund it instead' : ''}`);
  }
  assertNotInReview(order);
  assertNoOpenDispute(order, 'it must end first');
  if (order.status !== 'confirmed') return;
  if (unitsByLine(order).some(({ shipped }) => shipped > 0))
    throw conflict(order, 'a part of it was shipped; refund the lines that will not be sent instead');
  assertNotFullyRefunding(order);
}

type Cancellation = Omit<CancelRequest, 'reason' | 'restockRest'> & { reason: CancelReason };
type CancelChange = OrderChange & { event: HistoryEvent<'order_cancelled'> };
type CancelledOrder = Omit<OrderState, 'items'> &
  Pick<Order, 'reservation' | 'settlement'> & { items: readonly Pick<OrderItem, 'variantId' | 'quantity'>[] };

/**
 * The change that cancels the order, with the refund that it owes. Reserved units are released; `rest`: the sold units that
 * go back into stock, none for an order that was never sold. Pure.
 */
export function cancelChange(order: CancelledOrder, request: Cancellation, rest: StockReturn[] = []): CancelChange {
  const { reason, actor } = request;
  const { refund, refunds } = owedRefund(order, request);
  const back = moneyBack(order);
  const releases = order.reservation === 'reserved';
  const stock = releases ? released(order) : rest;
  return {
    set: {
      status: 'cancelled',
      cancelReason: reason,
      reservation: releases ? 'released' : order.reservation,
      ...(rest.length > 0 ? { restocked: true } : {}),
      settlement: { attempts: order.settlement.attempts },
      verifyDueAt: undefined,
      ...(refund ? { refunds } : {}),
    },
    actor,
    event: {
      type: 'order_cancelled',
      data: {
        cause: reason,
        ...(refund ? { amount: refund.amount, refundId: refund.refundId } : {}),
        ...back,
      },
    },
    ...(stock.length === 0 ? {} : { stock }),
  };
}

function released({ items }: Pick<CancelledOrder, 'items'>): StockReturn[] {
  return quantitiesByVariant(items).map((units) => ({ ...units, as: 'release' as const }));
}

/** The parts of the order's charge that went back, or are on their way, before this cancellation. */
function moneyBack(order: CancelledOrder): Pick<HistoryEvent<'order_cancelled'>['data'], 'returned' | 'underWay'> {
  const charge = findLeadingCharge(order);
  if (charge?.amount === undefined) return {};
  const money = returnedMoney(order, charge);
  const returned = returnedSum(money);
  return { ...(returned > 0 ? { returned } : {}), ...(money.open > 0 ? { underWay: money.open } : {}) };
}

/** A refund of all that is left of the paying charge; null when nothing is left. */
function owedRefund(order: OrderState, request: Cancellation): { refund: Refund | null; refunds: Refund[] } {
  const { refunds } = order;
  const charge = findPayingCharge(order);
  if (charge?.status !== 'succeeded') return { refund: null, refunds };
  const { left: owed } = returnedMoney(order, charge);
  if (owed < 1) return { refund: null, refunds };
  const { note } = request;
  const refund: Refund = {
    ...newRefund(charge, owed, request.reason, request.actor, request),
    ...(note === undefined ? {} : { note }),
  };
  return { refund, refunds: withRefund(order, charge, refund) };
}
