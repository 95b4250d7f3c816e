/**
 * What staff, the customer and time do to an order: ship, deliver, cancel, expire, review, dispute. Each is one decided
 * change with its history, emails, stock and refund in the same commit; a repeat changes nothing.
 */

import type { Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import type { StockReturn } from '../catalogue/return-stock.ts';
import { replaceAttempt } from '../checkout/payment-attempt.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { toMajorUnits } from '../money.ts';
import { changeOrder } from '../order/change-order.ts';
import { conflict } from '../order/guards.ts';
import type {
  CancelReason,
  Dispute,
  Order,
  OrderItem,
  PaymentAttempt,
  Refund,
  Review,
} from '../order/order-document.ts';
import type { OrderChange, OrderState } from '../order/order-write.ts';
import {
  committedRefunds,
  findAttempt,
  findLeadingCharge,
  hasRefundInFlight,
  isDisputed,
  isInReview,
  isLostInDispute,
} from '../order/payment-status.ts';
import { findDisagreement, payingChange, queuedForSettlement, withoutSettlement } from '../payment/record-charge.ts';
import { newRefund, withRefund } from '../refund/request-refund.ts';

/** An order whose attempt is still open at Paystack when it expires waits on in steps of 10 minutes, 24 h at most. */
const EXPIRY_STEP_MS = 10 * 60_000;
const EXPIRY_GRACE_MS = 24 * 3600_000;

interface StaffAction {
  /** The staff member's user id. */
  actor: string;
  now: Date;
}

/** confirmed → shipped. Throws ORDER_STATE_CONFLICT while a full refund is open, a dispute stands or money is in review. */
export async function shipOrder(
  db: Database,
  orderId: Types.ObjectId,
  { carrier, trackingNumber, actor, now }: StaffAction & { carrier: string; trackingNumber: string },
): Promise<Order> {
  return decideAndChange(db, orderId, now, (order) => {
    const same = order.shipment?.carrier === carrier && order.shipment.trackingNumber === trackingNumber;
    if (order.status === 'shipped' && same) return null;
    assertShippable(order, 'confirmed', 'shipped');
    return {
      set: { status: 'shipped', shipment: { carrier, trackingNumber, shippedAt: now } },
      actor,
      reason: `shipped with ${carrier}, ${trackingNumber}`,
      emails: [{ kind: 'order_shipped' }],
    };
  });
}

/** shipped → delivered. Throws ORDER_STATE_CONFLICT. */
export async function deliverOrder(db: Database, orderId: Types.ObjectId, { actor, now }: StaffAction): Promise<Order> {
  return decideAndChange(db, orderId, now, (order) => {
    if (order.status === 'delivered') return null;
    assertShippable(order, 'shipped', 'delivered');
    return {
      set: { status: 'delivered', ...(order.shipment ? { shipment: { ...order.shipment, deliveredAt: now } } : {}) },
      actor,
      reason: 'delivered',
      emails: [{ kind: 'order_delivered' }],
    };
  });
}

function assertShippable(order: Order, from: Order['status'], to: string): void {
  if (order.status !== from) throw conflict(order, `only a ${from} order can be ${to}; this one is ${order.status}`);
  if (order.disputes.some(({ state }) => state === 'open'))
    throw conflict(order, 'a dispute stands; answer it at Paystack first');
  if (order.payments.some(isInReview)) throw conflict(order, 'its money is in review; resolve the review first');
  const charge = order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
  // Together with what went back before, the refund that is under way may be the one that leaves nothing paid.
  const openFully =
    charge !== null &&
    hasRefundInFlight(order, charge.reference) &&
    committedRefunds(order, charge.reference) >= (charge.amount ?? 0);
  if (openFully) throw conflict(order, 'its full refund is under way');
}

export interface CancelRequest extends StaffAction {
  reason: Exclude<CancelReason, 'short_stock'>;
  /** Put what was sold back into stock: yes by default for a confirmed order. */
  restock?: boolean;
  /** The id of the refund, should one be owed. */
  refundId: string;
}

/**
 * Cancels a pending order (customer, staff or time) or a confirmed one (staff): gives back what it holds or, if wanted,
 * what it took, and requests the refund of whatever it was paid, all in one transaction. Throws ORDER_STATE_CONFLICT.
 */
export async function cancelOrder(db: Database, orderId: Types.ObjectId, request: CancelRequest): Promise<Order> {
  return decideAndChange(db, orderId, request.now, (order) => {
    if (order.status === 'cancelled') return null;
    assertCancellable(order, request);
    return cancelChange(order, request);
  });
}

function assertCancellable(order: Order, { reason }: CancelRequest): void {
  const byStaff = reason === 'by_staff';
  if (order.status !== 'pending' && !(byStaff && order.status === 'confirmed')) {
    throw conflict(order, `a ${order.status} order cannot be cancelled${byStaff ? '; refund it instead' : ''}`);
  }
  if (order.payments.some(isInReview)) throw conflict(order, 'its money is in review; resolve the review first');
  if (order.disputes.some(({ state }) => state === 'open'))
    throw conflict(order, 'a dispute stands; it must end first');
  const charge = order.paidReference;
  if (order.status === 'confirmed' && charge !== undefined && hasRefundInFlight(order, charge)) {
    throw conflict(order, 'a refund of its charge is under way; wait for its end');
  }
}

type Cancellation = Omit<CancelRequest, 'reason'> & { reason: CancelReason };
type CancelledOrder = OrderState & { items: readonly Pick<OrderItem, 'variantId' | 'quantity'>[] };

/** The change that cancels the order, whoever cancels it: also settlement, for want of stock. Pure. */
export function cancelChange(order: CancelledOrder, request: Cancellation): OrderChange {
  const { reason, actor, restock } = request;
  const refund = owedRefund(order, request);
  // What was captured and is not owed was given back at Paystack, or taken back by a bank.
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
    reason: `cancelled: ${reason}${refund ? `, refund of ${toMajorUnits(refund.amount)} requested` : ''}`,
    emails: [
      {
        kind: 'order_cancelled',
        data: {
          reason,
          ...(refund ? { amount: refund.amount, refundId: refund.refundId } : {}),
          ...(returned ? { returned } : {}),
        },
      },
    ],
    ...(as === null ? {} : { stock: quantitiesByVariant(order.items).map((units) => ({ ...units, as })) }),
  };
}

/** What the customer paid for the order and has not been promised back yet; null when that is nothing. */
function owedRefund(order: OrderState, request: Cancellation): Refund | null {
  const charge = order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
  if (charge?.status !== 'succeeded' || isLostInDispute(order, charge.reference)) return null;
  const owed = (charge.amount ?? 0) - committedRefunds(order, charge.reference);
  return owed > 0 ? newRefund(charge, owed, request.reason, request.actor, request) : null;
}

/**
 * Time is up for a pending order, all of whose attempts Paystack was just asked about. `open`: Paystack has not decided
 * one of them, so it is asked again in 10 minutes, for 24 h at most. An order that was paid meanwhile is left alone.
 */
export async function expireOrder(
  db: Database,
  orderId: Types.ObjectId,
  attempts: 'open' | 'closed',
  now: Date,
): Promise<'expired' | 'postponed' | 'kept'> {
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      if (order.status !== 'pending' || order.paymentStatus !== 'unpaid' || order.expiresAt > now) return null;
      if (attempts === 'open' && now.getTime() < order.expiresAt.getTime() + EXPIRY_GRACE_MS) {
        return { set: { verifyDueAt: new Date(now.getTime() + EXPIRY_STEP_MS) }, actor: 'system' };
      }
      return cancelChange(order, { reason: 'expired', actor: 'system', refundId: '', now });
    },
    now,
  );
  if (!changed) return 'kept';
  return order.status === 'cancelled' ? 'expired' : 'postponed';
}

export interface ReviewDecision extends StaffAction {
  reference: string;
  resolution: 'accept' | 'refund';
  domain: 'test' | 'live';
  refundId: string;
}

/**
 * Ends the review of a charge. `accept`: it pays the order as it is (only the shop loses), or, for money that was taken
 * back, the loss is accepted. `refund`: what was captured is requested back; taken-back money needs no refund.
 * Throws ORDER_STATE_CONFLICT, NOT_FOUND.
 */
export async function resolveReview(db: Database, orderId: Types.ObjectId, decision: ReviewDecision): Promise<Order> {
  return decideAndChange(db, orderId, decision.now, (order) => {
    const attempt = findAttempt(order, decision.reference);
    if (!attempt?.review) throw notFound('Review');
    if (!isInReview(attempt)) return null;
    return decision.resolution === 'accept'
      ? acceptReview(order, attempt, decision)
      : refundReview(order, attempt, decision);
  });
}

function resolved(attempt: PaymentAttempt, resolution: Review['resolution'], now: Date): PaymentAttempt {
  const { reason = '', openedAt = now } = attempt.review ?? {};
  return { ...attempt, review: { reason, openedAt, resolvedAt: now, ...(resolution ? { resolution } : {}) } };
}

function acceptReview(order: Order, attempt: PaymentAttempt, { actor, now, domain }: ReviewDecision): OrderChange {
  const accepted = resolved(attempt, 'accepted', now);
  const payments = replaceAttempt(order, accepted);
  const reason = `review of ${attempt.reference} accepted: ${attempt.review?.reason}`;
  if (attempt.status === 'reversed' || order.paidReference === attempt.reference) {
    // The loss is the shop's; an order that waits for this money cannot be delivered for nothing.
    if (order.status === 'pending')
      throw conflict(order, 'the money was taken back; refund the review to cancel the order');
    return { set: { payments }, actor, reason };
  }
  if (order.status !== 'pending' || order.paidReference !== undefined) {
    throw conflict(order, 'the order takes no payment any more; refund the review instead');
  }
  const foreign = attempt.currency !== order.currency || attempt.domain !== domain;
  if (foreign)
    throw conflict(order, 'money of another currency or domain cannot pay this order; refund the review instead');
  return { ...payingChange(payments, accepted, now), actor, reason };
}

function refundReview(order: Order, attempt: PaymentAttempt, decision: ReviewDecision): OrderChange {
  const { actor, now } = decision;
  const payments = replaceAttempt(order, resolved(attempt, 'refunded', now));
  const reason = `review of ${attempt.reference} refunded: ${attempt.review?.reason}`;
  const ours = attempt.status === 'succeeded' && !isLostInDispute(order, attempt.reference);
  const owed = ours ? (attempt.amount ?? 0) - committedRefunds(order, attempt.reference) : 0;
  const refunds = owed > 0 ? withRefund(order, newRefund(attempt, owed, 'review', actor, decision)) : order.refunds;
  const refundData = owed > 0 ? { amount: owed, refundId: decision.refundId } : {};
  const refunded = { ...order, payments, refunds };
  // Money that disagreed was all there was: the order it was meant for ends here. A paid one keeps its own charge.
  if (order.status === 'pending' && (order.paidReference === undefined || order.paidReference === attempt.reference)) {
    const cancelled = cancelChange(
      { ...refunded, paidReference: attempt.reference },
      { ...decision, reason: 'by_staff' },
    );
    const data = { reason: 'by_staff', ...(owed > 0 ? refundData : { returned: true }) };
    const email = { kind: 'order_cancelled' as const, data };
    return { ...cancelled, set: { ...cancelled.set, payments, refunds }, actor, reason, emails: [email] };
  }
  const email = { kind: 'refund_started' as const, data: { reason: 'review', ...refundData } };
  return { set: { payments, refunds }, actor, reason, ...(owed > 0 ? { emails: [email] } : {}) };
}

/**
 * Records a dispute as a webhook tells it, in any order: once it has ended it stays ended, and when it is to be answered
 * stays known. A standing one blocks refund and shipping; a lost one puts its charge in review; after a won one an order
 * that was parked meanwhile is settled. Unknown references change nothing.
 */
export async function recordDispute(db: Database, orderId: Types.ObjectId, told: Dispute, now: Date): Promise<Order> {
  return decideAndChange(db, orderId, now, (order) => {
    const known = order.disputes.find(({ disputeId }) => disputeId === told.disputeId);
    const dispute = { ...told, dueAt: told.dueAt ?? known?.dueAt ?? null };
    const attempt = findAttempt(order, dispute.reference);
    if (!attempt || (known && known.state !== 'open')) return null;
    if (known?.state === dispute.state && Number(known.dueAt) === Number(dispute.dueAt)) return null;
    const disputes = [...order.disputes.filter(({ disputeId }) => disputeId !== dispute.disputeId), dispute];
    return {
      set: { disputes, ...afterDispute({ ...order, disputes }, attempt, dispute, now) },
      actor: 'system',
      reason: `dispute ${dispute.disputeId} of ${dispute.reference} is ${dispute.state}`,
    };
  });
}

/** What the end of a dispute means for its charge, and for an order that waited for it. */
function afterDispute(order: Order, attempt: PaymentAttempt, { state }: Dispute, now: Date): OrderChange['set'] {
  if (state === 'lost' && !isInReview(attempt)) {
    const review = { reason: 'a dispute was lost', openedAt: now };
    return { payments: replaceAttempt(order, { ...attempt, review }), ...withoutSettlement(order, attempt.reference) };
  }
  const { status, paymentStatus, paidReference, settlement } = order;
  const waits = status === 'pending' && paymentStatus === 'paid' && settlement.parkedAt !== undefined;
  const free = state === 'won' && paidReference === attempt.reference && !isDisputed(order, attempt.reference);
  return waits && free ? queuedForSettlement(order, now) : {};
}

/** True when the charge agrees with the order in everything that confirming needs. For tests and the audit. */
export function chargeAgrees(order: Order, attempt: PaymentAttempt, domain: 'test' | 'live'): boolean {
  const { amount, currency, gatewayId } = attempt;
  if (amount === undefined || currency === undefined || gatewayId === undefined || attempt.domain === undefined)
    return false;
  const report = {
    gatewayId,
    reference: attempt.reference,
    domain: attempt.domain,
    status: 'success',
    amount,
    requestedAmount: attempt.requestedAmount ?? null,
    currency,
    paidAt: attempt.paidAt ?? null,
    channel: null,
    gatewayResponse: null,
  };
  return findDisagreement(order, { report, domain }) === null;
}

async function decideAndChange(
  db: Database,
  orderId: Types.ObjectId,
  now: Date,
  decide: (order: Order) => OrderChange | null,
): Promise<Order> {
  const { order } = await changeOrder(db, orderId, decide, now);
  return order;
}
