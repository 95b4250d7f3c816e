/** Records Paystack's answer about a refund, or its absence. */
import type { Types } from 'mongoose';
import { MAX_REFUND_REFUSALS } from '../backoff.ts';
import { describeAmount, formatMoney, type Money } from '../contract/money.ts';
import type { RefundState } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import type { HistoryEvent, HistoryType } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import { currencyOfCharge } from '../order/payment-status.ts';
import { canRefundGo } from '../order/status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';
import { changeRefund, type RefundStep } from './change-refund.ts';
import { noteOf } from './listed-refunds.ts';
import { NEXT_CHECK_MS, refundRetryMs, STAFF_CHECK_MS } from './refund-schedule.ts';

/** Our state for Paystack's; `pending` for an unknown one, so that the refund is checked again. */
export function toRefundState(status: string): RefundState {
  if (status === 'processed') return 'processed';
  if (status === 'failed') return 'failed';
  return status === 'needs-attention' || status === 'needs_attention' ? 'needs_attention' : 'pending';
}

/**
 * Records Paystack's report of a refund and queues the customer's email when it is processed. May be repeated and raced.
 * `duplicateIds`: further refunds at Paystack with our note. A report with our note but another amount or currency is not
 * accepted: the refund then needs attention.
 */
export async function recordRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  report: RefundReport,
  now: Date,
  duplicateIds: readonly string[] = [],
): Promise<Order> {
  const state = toRefundState(report.status);
  return changeRefund(db, orderId, refundId, now, (refund, order) => {
    const mismatch = findMismatch(order, refund, report);
    if (mismatch !== null) return { ...toNeedsAttention(refund, mismatch, refund.attempts, now), error: mismatch };
    const { lastError: _, balanceLowSince: __, ...rest } = refund;
    const moved = state !== refund.state && canRefundGo(refund.state, state);
    return {
      refund: {
        ...rest,
        gatewayRefundId: report.gatewayRefundId,
        ...(duplicateIds.length > 0
          ? { duplicateIds: [...new Set([...(refund.duplicateIds ?? []), ...duplicateIds])] }
          : {}),
        state: moved ? state : refund.state,
        dueAt: new Date(now.getTime() + NEXT_CHECK_MS),
      },
      ...(moved ? { event: movedTo(state, refund) } : {}),
    };
  });
}

const TYPE_OF_STATE = {
  requested: 'refund_retried',
  pending: 'refund_pending',
  processed: 'refund_processed',
  failed: 'refund_failed',
  needs_attention: 'refund_needs_attention',
} as const satisfies Record<RefundState, HistoryType>;

function movedTo(state: RefundState, { refundId, amount }: Refund): HistoryEvent {
  return { type: TYPE_OF_STATE[state], data: { refundId, amount } };
}

/** Why a report with our note cannot be of this refund; null when it can. */
function findMismatch(order: Order, refund: Refund, { amount, currency, merchantNote }: RefundReport): string | null {
  const ours = moneyOf(order, refund);
  if (merchantNote !== noteOf(refund) || (amount === refund.amount && currency === ours.currency)) return null;
  return `Paystack made it of ${describeAmount(amount, currency)} instead of ${describeAmount(ours.amount, ours.currency)}`;
}

function moneyOf(order: Order, { amount, reference }: Refund): Money {
  return { amount, currency: currencyOfCharge(order, reference) };
}

function toNeedsAttention(refund: Refund, lastError: string, attempts: number, now: Date): RefundStep {
  const dueAt = new Date(now.getTime() + STAFF_CHECK_MS);
  const after: Refund = { ...refund, state: 'needs_attention', attempts, lastError, dueAt };
  if (refund.state === 'needs_attention') return { refund: after };
  return { refund: after, event: movedTo('needs_attention', refund) };
}

export interface RefundFailure {
  message: string;
  /** True for a definite refusal; false for an error that says nothing about the refund (network, rate limit, wrong key). */
  counts: boolean;
  /** How long to wait; null for the usual back-off. */
  waitMs: number | null;
  /** A retry cannot help. */
  giveUp?: boolean;
  /** Not an error: the refund is only too early. */
  isWait?: boolean;
  /** The wait is for the shop's balance at Paystack. */
  isBalanceLow?: boolean;
}

/** After a call without an answer, or a refusal: the refund backs off. It needs attention after eight refusals. */
export async function postponeRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  failure: RefundFailure,
  now: Date,
): Promise<Order> {
  return changeRefund(db, orderId, refundId, now, (refund, order) => {
    const attempts = refund.attempts + (failure.counts ? 1 : 0);
    const error = failure.isWait
      ? {}
      : { error: `refund of ${formatMoney(moneyOf(order, refund))}: ${failure.message}` };
    if (failure.giveUp === true || attempts >= MAX_REFUND_REFUSALS)
      return { ...toNeedsAttention(refund, failure.message, attempts, now), ...error };
    const dueAt = new Date(now.getTime() + (failure.waitMs ?? refundRetryMs(attempts)));
    const balance = failure.isBalanceLow ? { balanceLowSince: refund.balanceLowSince ?? now } : {};
    return { refund: { ...refund, attempts, lastError: failure.message, dueAt, ...balance }, ...error };
  });
}
