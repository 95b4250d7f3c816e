import type { Types } from 'mongoose';
import type { ActionKey } from '../action-key.ts';
import { formatMoney } from '../contract/money.ts';
import { proposeRefund } from '../contract/staff/refund-proposal.ts';
import type { StaffRefundCause } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { AppError, notFound } from '../errors.ts';
import { type ChangeResult, changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom, assertNoOpenDispute, assertNotInReview, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, PaymentAttempt, Refund, RefundLine } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, findPayingCharge, isFailureOwed } from '../order/payment-status.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { keyed } from '../staff-actions/keyed.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';
import { assertWithdrawable, isDeliveryRefunded, returnedToStock, toRefundableOrder } from './goods/withdrawn-units.ts';
import { newRefund, withRefund } from './new-refund.ts';
import { withinRefundLimit } from './refund-limit.ts';

export interface RefundRequest {
  /** The charge; when not given, the one that pays the order, or the first that a cancelled order still owes. */
  reference?: string;
  /** The units that it takes out of the order. Empty: money alone. */
  lines: readonly RefundLine[];
  /** The delivery fee is part of the proposed amount. */
  delivery: boolean;
  /** Subunits; as proposed by lines and delivery when not given. */
  amount?: number;
  /** The failed refund that it stands for: of its amount and charge, without lines. */
  replaces?: string;
  /** False: if the order ends as refunded, units that were neither shipped nor withdrawn stay out of stock. */
  restockRest?: boolean;
  /** That of the failed refund when not given and one is replaced, else `staff`. */
  cause?: StaffRefundCause;
  /** Staff's own words. */
  note?: string;
  actor: Actor;
  refundId: string;
  now: Date;
  /** Subunits; of the actor's role. */
  refundLimit?: number;
}

/**
 * Staff's refund of one charge. The paying charge may be refunded in parts; their sum never exceeds the charge. A charge
 * that is owed back (a duplicate, or any of a cancelled order) is refunded whole. The lines are withdrawn and restocked in
 * the same commit, and stay so if the refund fails. A repeat of the key changes nothing. Throws NOT_FOUND (no such charge
 * or refund) or ORDER_STATE_CONFLICT (nothing paid, an open dispute, units that are not there, a part of what is owed).
 * Throws REFUND_EXCEEDS_PAYMENT, FORBIDDEN (beyond the limit), ACTION_KEY_REUSED, PREVIEW_OUTDATED.
 */
export async function requestRefund(
  db: Database,
  orderId: Types.ObjectId,
  request: RefundRequest,
  { key, expected }: { key: ActionKey; expected?: Expected | undefined },
): Promise<ChangeResult> {
  const decide = withinRefundLimit((order) => decideRefund(order, request), request.refundLimit);
  return changeOrder(db, orderId, keyed(key, expecting(decide, expected)), request.now);
}

export function decideRefund(order: Order, request: RefundRequest): OrderChange {
  const charge = findRefundableCharge(order, request);
  assertRefundable(order, charge);
  const { lines, delivery } = request;
  if (lines.length > 0 || delivery) assertOfItsGoods(order, charge, request);
  const refund = toRefund(order, charge, request, amountOf(order, charge, request));
  const refunds = withRefund(order, charge, refund);
  const stock = returnedToStock(order, refund);
  return {
    set: { refunds },
    actor: request.actor,
    event: {
      type: 'refund_requested',
      data: { refundId: refund.refundId, reference: charge.reference, amount: refund.amount, cause: refund.cause },
    },
    ...(stock.length === 0 ? {} : { stock }),
  };
}

function toRefund(order: Order, charge: PaymentAttempt, request: RefundRequest, amount: number): Refund {
  const { lines, delivery, replaces, restockRest, note } = request;
  const failed = order.refunds.find(({ refundId }) => refundId === replaces);
  const cause = request.cause ?? failed?.cause ?? 'staff';
  return {
    ...newRefund(charge, amount, cause, request.actor, request),
    ...(note === undefined ? {} : { note }),
    ...(lines.length === 0 ? {} : { lines: [...lines] }),
    ...(delivery ? { delivery } : {}),
    ...(replaces === undefined ? {} : { replaces }),
    ...(restockRest === undefined ? {} : { restockRest }),
  };
}

/** Lines and delivery belong to the charge that pays the order, and leave it with the first refund that names them. */
function assertOfItsGoods(order: Order, charge: PaymentAttempt, { lines, delivery, replaces }: RefundRequest): void {
  if (replaces !== undefined)
    throw conflict(order, 'a refund in place of a failed one is of money alone: its goods went with the failed one');
  if (order.status === 'cancelled' || order.status === 'refunded' || charge.reference !== order.paidReference)
    throw conflict(order, 'its goods no longer go with this payment; give back the money alone');
  if (delivery && isDeliveryRefunded(order)) throw conflict(order, 'its delivery fee went back before');
  if (delivery && order.shippingFee === 0) throw conflict(order, 'its delivery was free');
  if (lines.length > 0) assertWithdrawable(order, lines);
}

function amountOf(order: Order, charge: PaymentAttempt, request: RefundRequest): number {
  const { lines, delivery, replaces } = request;
  const { left, currency } = returnedMoney(order, charge);
  const money = (amount: number) => formatMoney({ amount, currency });
  const proposal = proposeRefund({ ...toRefundableOrder(order), left }, { lines, delivery });
  const failed = replaces === undefined ? undefined : getOwedFailure(order, charge, replaces);
  // No refund would stand for the rest of what is owed.
  const isOwed = order.status === 'cancelled' || charge.reference !== order.paidReference;
  const proposed = failed === undefined ? proposal.amount : Math.min(failed.amount, left);
  const amount = request.amount ?? (isOwed ? left : proposed);
  if (amount < 1 || amount > left) {
    throw new AppError(
      'REFUND_EXCEEDS_PAYMENT',
      `${left > 0 ? `Only ${money(left)}` : 'Nothing'} of this payment is left to refund.`,
      { details: { refundable: left, currency } },
    );
  }
  if (proposal.isAll && amount < left)
    throw conflict(
      order,
      `with the last unit and the delivery, all of the ${money(left)} that is left goes back, and not ${money(amount)}`,
    );
  if (isOwed && amount < left)
    throw conflict(order, `all of the ${money(left)} that is left of this payment is owed back`);
  // The rest of the payment can always be given back.
  if (amount < left) assertHistoryHasRoom(order);
  return amount;
}

function getOwedFailure(order: Order, charge: PaymentAttempt, refundId: string): Refund {
  const failed = order.refunds.find((refund) => refund.refundId === refundId);
  if (failed === undefined) throw notFound('Refund');
  if (failed.reference !== charge.reference || !isFailureOwed(order, failed))
    throw conflict(order, 'only a refund that failed, and that is still owed, can be sent once more');
  return failed;
}

/**
 * The named charge, else that of the refund to be replaced, else the paying one. A cancelled order owes all of its charges:
 * the first with something left.
 */
function findRefundableCharge(order: Order, { reference, replaces }: RefundRequest): PaymentAttempt {
  const named = reference ?? order.refunds.find(({ refundId }) => refundId === replaces)?.reference;
  if (named !== undefined) {
    const charge = findAttempt(order, named);
    if (!charge) throw notFound('Charge');
    return charge;
  }
  const paying = findPayingCharge(order);
  const isOwed = (charge: PaymentAttempt) => charge.status === 'succeeded' && returnedMoney(order, charge).left > 0;
  if (paying && (order.status !== 'cancelled' || isOwed(paying))) return paying;
  const charge = order.payments.find(isOwed) ?? paying;
  if (!charge) throw conflict(order, 'nothing was paid, so nothing can be refunded');
  return charge;
}

function assertRefundable(order: Order, charge: PaymentAttempt): void {
  if (order.status === 'pending')
    throw conflict(order, 'the order is not settled yet; cancel it instead, the refund follows');
  if (charge.status !== 'succeeded') throw conflict(order, `the payment ${charge.reference} is ${charge.status}`);
  assertNotInReview(order, [charge]);
  assertNoOpenDispute(order, 'it must end first');
}
