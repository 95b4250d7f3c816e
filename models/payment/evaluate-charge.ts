/**
 * Decides how a report on a charge changes its order. A charge counts only when reference, domain, currency and amounts agree.
 * One that cannot buy is refunded in the same update; one that disagrees is put in review. Pure.
 */

import type { ReviewCause } from '../contract/statuses.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt } from '../order/payment-status.ts';
import { canAttemptGo } from '../order/status.ts';
import { newRefund, withRefund } from '../refund/new-refund.ts';
import { withoutSettlement } from '../settlement/settlement-queue.ts';
import type { ChargeOutcome } from './charge-outcome.ts';
import { type ChargeReport, isReversal } from './gateway-reports.ts';
import { replaceAttempt } from './replace-attempt.ts';

/** Later, a signed webhook is verified at Paystack: its signature does not expire, so it can be replayed. */
const WEBHOOK_FRESH_MS = 10 * 60_000;

export interface ReportedCharge {
  report: ChargeReport;
  /** Verify's answer is final; a webhook counts only when nothing speaks against it. */
  source: 'verify' | 'webhook';
  /** The domain of our own key. */
  domain: 'test' | 'live';
  /** The id of the refund, should one be owed. */
  refundId: string;
  now: Date;
}

interface Evaluation {
  outcome: ChargeOutcome;
  change: OrderChange | null;
}

const nothing = (outcome: ChargeOutcome): Evaluation => ({ outcome, change: null });

export function evaluateCharge(order: Order, reported: ReportedCharge): Evaluation {
  const { report, source } = reported;
  const attempt = findAttempt(order, report.reference);
  if (!attempt) return nothing('unknown_reference');
  if (isReversal(report.status))
    return source === 'verify' ? evaluateReversal(order, attempt, reported) : nothing('needs_verification');
  switch (report.status) {
    case 'success':
      return evaluateSuccess(order, attempt, reported);
    case 'failed':
      return evaluateDecline(order, attempt, reported);
    default:
      return nothing('open');
  }
}

/** Keeps the time and the bank's words, which the customer reads before trying again. */
function evaluateDecline(order: Order, attempt: PaymentAttempt, { report, now }: ReportedCharge): Evaluation {
  if (!canAttemptGo(attempt.status, 'failed')) return nothing('unchanged');
  const { gatewayResponse } = report;
  const failed: PaymentAttempt = { ...attempt, status: 'failed', failedAt: now, gatewayResponse };
  return { outcome: 'failed', change: { set: { payments: replaceAttempt(order, failed) }, actor: 'system' } };
}

function evaluateSuccess(order: Order, attempt: PaymentAttempt, reported: ReportedCharge): Evaluation {
  if (!canAttemptGo(attempt.status, 'succeeded')) return nothing('unchanged');
  const disagreement = findDisagreement(order, reported);
  if (reported.source === 'webhook' && (disagreement !== null || !isFreshForPending(order, reported)))
    return nothing('needs_verification');
  const charged = withReport(attempt, reported);
  if (disagreement !== null) return openReview(order, charged, disagreement, reported.now);
  const payments = replaceAttempt(order, charged);
  if (order.status === 'pending' && order.paidReference === undefined)
    return { outcome: 'paid', change: payingChange(payments, charged, reported.now) };
  return owedBack(order, charged, payments, reported);
}

/** Why the charge does not count; null when it does. */
function findDisagreement(
  order: Order,
  { report, domain }: Pick<ReportedCharge, 'report' | 'domain'>,
): ReviewCause | null {
  const requested = report.requestedAmount ?? report.amount;
  if (report.domain !== domain) return 'other_domain';
  if (report.currency !== order.currency) return 'other_currency';
  if (requested !== order.total) return 'other_amount';
  if (report.amount < order.total) return 'underpaid';
  return null;
}

/** True when a recorded charge agrees with the order in everything that confirming needs. */
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
    fees: null,
  };
  return findDisagreement(order, { report, domain }) === null;
}

function isFreshForPending(order: Order, { report, now }: ReportedCharge): boolean {
  if (order.status !== 'pending' || order.paidReference !== undefined || report.paidAt === null) return false;
  return Math.abs(now.getTime() - report.paidAt.getTime()) <= WEBHOOK_FRESH_MS;
}

function withReport(attempt: PaymentAttempt, { report, now }: ReportedCharge): PaymentAttempt {
  const { claim: _, ...rest } = attempt;
  return {
    ...rest,
    status: 'succeeded',
    gatewayId: report.gatewayId,
    domain: report.domain,
    amount: report.amount,
    requestedAmount: report.requestedAmount,
    currency: report.currency,
    paidAt: report.paidAt ?? now,
    channel: report.channel,
    gatewayResponse: report.gatewayResponse,
    ...(report.fees === null ? {} : { fees: report.fees }),
  };
}

/** The update that makes `charged` the charge that pays the order, and queues it for settlement. */
export function payingChange(payments: PaymentAttempt[], charged: PaymentAttempt, now: Date): OrderChange {
  return {
    set: {
      payments,
      paidReference: charged.reference,
      settlement: { queuedAt: charged.paidAt ?? now, attempts: 0 },
      verifyDueAt: undefined,
    },
    actor: 'paystack',
    event: { type: 'payment_received', data: { reference: charged.reference } },
  };
}

function owedBack(
  order: Order,
  charged: PaymentAttempt,
  payments: PaymentAttempt[],
  reported: ReportedCharge,
): Evaluation {
  const late = order.status === 'cancelled';
  const cause = late ? 'late_payment' : 'duplicate_payment';
  const refund = newRefund(charged, charged.amount ?? 0, cause, 'system', reported);
  const { refundId, amount, reference } = refund;
  return {
    outcome: cause,
    change: {
      set: { payments, refunds: withRefund(order, charged, refund) },
      actor: 'paystack',
      event: { type: 'charge_owed_back', data: { reference, cause, refundId, amount } },
    },
  };
}

function openReview(order: Order, charged: PaymentAttempt, cause: ReviewCause, now: Date): Evaluation {
  const reviewed: PaymentAttempt = { ...charged, review: { cause, openedAt: now } };
  return {
    outcome: 'review',
    change: {
      set: { payments: replaceAttempt(order, reviewed), ...withoutSettlement(order, charged.reference) },
      actor: 'paystack',
      event: { type: 'review_opened', data: { reference: charged.reference, cause } },
    },
  };
}

/**
 * A captured charge stays captured: the word says neither how much went back nor why. One that is captured only with this
 * report buys nothing before its refunds and disputes are read (models/payment/reversal).
 */
function evaluateReversal(order: Order, attempt: PaymentAttempt, reported: ReportedCharge): Evaluation {
  if (!canAttemptGo(attempt.status, 'succeeded')) return nothing('reversal');
  const charged = withReport(attempt, reported);
  const disagreement = findDisagreement(order, reported);
  if (disagreement !== null) return openReview(order, charged, disagreement, reported.now);
  return {
    outcome: 'reversal',
    change: {
      set: { payments: replaceAttempt(order, { ...charged, reversal: { askAt: reported.now } }) },
      actor: 'paystack',
      event: { type: 'reversal_reported', data: { reference: charged.reference } },
    },
  };
}
