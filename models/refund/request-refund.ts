import type { Types } from 'mongoose';
import { formatMoney } from '../contract/money.ts';
import type { RefundCause } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { AppError, notFound } from '../errors.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertNoOpenDispute, assertNoRefundInFlight, assertNotInReview, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, PaymentAttempt, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import {
  currencyOfCharge,
  findAttempt,
  findPayingCharge,
  isLostInDispute,
  leftOfCharge,
} from '../order/payment-status.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';
import { withinRefundLimit } from './refund-limit.ts';

/** A refund of `amount` subunits of this charge, to be pushed in the update that owes it. Pure. */
export function newRefund(
  charge: PaymentAttempt,
  amount: number,
  cause: RefundCause,
  requestedBy: Actor,
  { refundId, now }: { refundId: string; now: Date },
): Refund {
  if (amount < 1) throw new Error(`Charge ${charge.reference}: a refund of ${amount} is none.`);
  return {
    refundId,
    reference: charge.reference,
    amount,
    cause,
    state: 'requested',
    requestedAt: now,
    requestedBy,
    attempts: 0,
  };
}

/** The order's refunds with a new one, which replaces the failed ones of the same charge. Pure. */
export function withRefund(order: Pick<Order, 'refunds'>, refund: Refund): Refund[] {
  const isReplaced = (other: Refund) => other.reference === refund.reference && isUnreplacedFailure(other);
  const earlier = order.refunds.map((other) => (isReplaced(other) ? { ...other, replacedBy: refund.refundId } : other));
  return [...earlier, refund];
}

function isUnreplacedFailure({ state, replacedBy }: Refund): boolean {
  return state === 'failed' && replacedBy === undefined;
}

export interface RefundRequest {
  /** The charge; when not given, the one that pays the order, or the first that a cancelled order still owes. */
  reference?: string;
  /** Subunits; everything that is left of the charge when not given. */
  amount?: number;
  /** Put the units back into stock when the whole charge has gone back: yes by default, no once shipped. */
  restock?: boolean;
  /** Staff's own words. */
  note: string;
  actor: Actor;
  refundId: string;
  now: Date;
  /** Subunits; of the actor's role. */
  refundLimit?: number;
}

/**
 * Staff's refund of one charge. The paying charge may be refunded in parts. A charge that is owed back (a duplicate, or any
 * of a cancelled order) is refunded whole, in place of a refund that failed. Throws NOT_FOUND (no such charge),
 * ORDER_STATE_CONFLICT (nothing paid, a refund in flight, an open dispute, a part of what is owed),
 * REFUND_EXCEEDS_PAYMENT, PREVIEW_OUTDATED. Throws FORBIDDEN beyond the limit.
 */
export async function requestRefund(
  db: Database,
  orderId: Types.ObjectId,
  request: RefundRequest,
  expected?: Expected,
): Promise<Order> {
  const decide = expecting(
    withinRefundLimit((order) => decideRefund(order, request), request.refundLimit),
    expected,
  );
  const { order } = await changeOrder(db, orderId, decide, request.now);
  return order;
}

export function decideRefund(order: Order, request: RefundRequest): OrderChange {
  const charge = findRefundableCharge(order, request.reference);
  assertRefundable(order, charge);
  const refundable = leftOfCharge(order, charge);
  const currency = currencyOfCharge(order, charge.reference);
  const money = (subunits: number) => formatMoney({ amount: subunits, currency });
  const amount = request.amount ?? refundable;
  // A smaller refund would replace a failed one, and no refund would stand for the rest of what is owed.
  const owed = order.status === 'cancelled' || charge.reference !== order.paidReference;
  if (owed && amount < refundable) {
    throw conflict(
      order,
      `all of the ${money(refundable)} that is left of the charge ${charge.reference} is owed back`,
    );
  }
  if (amount < 1 || amount > refundable) {
    const left = refundable > 0 ? `only ${money(refundable)}` : 'nothing';
    throw new AppError('REFUND_EXCEEDS_PAYMENT', `Of the charge ${charge.reference}, ${left} is left to refund.`, {
      details: { refundable, currency },
    });
  }
  const refund: Refund = {
    ...newRefund(charge, amount, causeOfStaffRefund(order, charge), request.actor, request),
    note: request.note,
    ...(request.restock === undefined ? {} : { restock: request.restock }),
  };
  return {
    set: { refunds: withRefund(order, refund) },
    actor: request.actor,
    event: {
      type: 'refund_requested',
      data: { refundId: refund.refundId, reference: charge.reference, amount, cause: refund.cause },
    },
  };
}

/** A refund in place of a failed one keeps its cause. */
function causeOfStaffRefund(order: Order, { reference }: PaymentAttempt): RefundCause {
  const failed = order.refunds.findLast((refund) => refund.reference === reference && isUnreplacedFailure(refund));
  return failed?.cause ?? 'staff';
}

/** The named charge, else the paying one. A cancelled order owes all of its charges: the first with something left. */
function findRefundableCharge(order: Order, reference: string | undefined): PaymentAttempt {
  if (reference !== undefined) {
    const named = findAttempt(order, reference);
    if (!named) throw notFound('Charge');
    return named;
  }
  const paying = findPayingCharge(order);
  const isOwed = (charge: PaymentAttempt) =>
    charge.status === 'succeeded' && !isLostInDispute(order, charge.reference) && leftOfCharge(order, charge) > 0;
  if (paying && (order.status !== 'cancelled' || isOwed(paying))) return paying;
  const charge = order.payments.find(isOwed) ?? paying;
  if (!charge) throw conflict(order, 'nothing was paid, so nothing can be refunded');
  return charge;
}

function assertRefundable(order: Order, charge: PaymentAttempt): void {
  if (order.status === 'pending')
    throw conflict(order, 'the order is not settled yet; cancel it instead, the refund follows');
  if (charge.status !== 'succeeded') throw conflict(order, `the charge ${charge.reference} is ${charge.status}`);
  assertNotInReview(order, [charge]);
  assertNoOpenDispute(order, 'it must end first');
  if (isLostInDispute(order, charge.reference))
    throw conflict(order, 'the charge was lost in a dispute; the customer has the money back already');
  assertNoRefundInFlight(order, charge.reference, 'this charge');
}
