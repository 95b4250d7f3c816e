/**
 * recordCharge: what Paystack says about a reference → the order, in one atomic update, whoever hears of it first.
 * A charge counts only when reference, domain, currency and amounts agree; what cannot buy is owed back in the same
 * update; what does not agree is put before a person. Called for webhooks, by jobs/payments/verify-payment and by reconcile.
 */
import type { Types } from 'mongoose';
import { replaceAttempt } from '../checkout/payment-attempt.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { findOrderByReference } from '../order/find-order.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, hasRefundInFlight, processedRefunds } from '../order/payment-status.ts';
import { canAttemptGo } from '../order/status.ts';
import { newRefund, withRefund } from '../refund/request-refund.ts';
import type { ChargeReport } from './gateway-reports.ts';
import { nextVerify } from './verify-schedule.ts';

/** A signed webhook proves a payment by itself only while it is fresh: it can be replayed for ever. */
const WEBHOOK_FRESH_MS = 10 * 60_000;

export interface ReportedCharge {
  report: ChargeReport;
  /** Verify's answer is final; a webhook's word is taken only when nothing speaks against it. */
  source: 'verify' | 'webhook';
  /** The domain of our own key. */
  domain: 'test' | 'live';
  /** The id of the refund, should one be owed. */
  refundId: string;
  now: Date;
}

export type ChargeOutcome =
  /** It pays the order: settlement is due. */
  | 'paid'
  /** It was recorded before; nothing changed. */
  | 'known'
  /** It cannot buy (the order is paid or cancelled): its full refund is requested. */
  | 'surplus'
  /** Captured, taken back, or disagreeing money: a person decides. */
  | 'review'
  /** The attempt failed; paying again makes a new one. */
  | 'failed'
  /** Not decided at Paystack yet. */
  | 'open'
  /** A webhook that proves nothing: Paystack must be asked. */
  | 'ask'
  | 'unknown_reference';

export interface ChargeResult {
  outcome: ChargeOutcome;
  order: Order | null;
}

/** Records the evidence. May be repeated, raced and given in any order: N times is once. */
export async function recordCharge(db: Database, evidence: ReportedCharge): Promise<ChargeResult> {
  const { report, now } = evidence;
  const found = await findOrderByReference(db, report.reference);
  if (!found) return { outcome: 'unknown_reference', order: null };
  let outcome: ChargeOutcome = 'known';
  const { order } = await changeOrder(
    db,
    found._id,
    (order) => {
      const judged = evaluateCharge(order, evidence);
      outcome = judged.outcome;
      return judged.change;
    },
    now,
    found,
  );
  return { outcome, order };
}

interface Evaluation {
  outcome: ChargeOutcome;
  change: OrderChange | null;
}

const nothing = (outcome: ChargeOutcome): Evaluation => ({ outcome, change: null });

/** What the evidence means for the order. Pure. */
export function evaluateCharge(order: Order, evidence: ReportedCharge): Evaluation {
  const { report, source } = evidence;
  const attempt = findAttempt(order, report.reference);
  if (!attempt) return nothing('unknown_reference');
  switch (report.status) {
    case 'success':
      return evaluateSuccess(order, attempt, evidence);
    case 'reversed':
      return source === 'verify' ? evaluateReversal(order, attempt, evidence) : nothing('ask');
    case 'failed':
      if (!canAttemptGo(attempt.status, 'failed')) return nothing('known');
      return {
        outcome: 'failed',
        change: { set: { payments: replaceAttempt(order, { ...attempt, status: 'failed' }) }, actor: 'system' },
      };
    default:
      return nothing('open');
  }
}

function evaluateSuccess(order: Order, attempt: PaymentAttempt, evidence: ReportedCharge): Evaluation {
  if (!canAttemptGo(attempt.status, 'succeeded')) return nothing('known');
  const disagreement = findDisagreement(order, evidence);
  if (evidence.source === 'webhook' && (disagreement !== null || !isFreshForPending(order, evidence)))
    return nothing('ask');
  const charged = withReport(attempt, evidence);
  if (disagreement !== null) return openReview(order, charged, disagreement, evidence.now);
  const payments = replaceAttempt(order, charged);
  if (order.status === 'pending' && order.paidReference === undefined)
    return { outcome: 'paid', change: payingChange(payments, charged, evidence.now) };
  return owedBack(order, charged, payments, evidence);
}

/** Why the charge does not count, in words for staff; null when it does. */
export function findDisagreement(
  order: Order,
  { report, domain }: Pick<ReportedCharge, 'report' | 'domain'>,
): string | null {
  const asked = report.requestedAmount ?? report.amount;
  if (report.domain !== domain) return `domain ${report.domain} instead of ${domain}`;
  if (report.currency !== order.currency) return `currency ${report.currency} instead of ${order.currency}`;
  if (asked !== order.total) return `${asked} was asked for instead of ${order.total}`;
  if (report.amount < order.total) return `${report.amount} was captured of ${order.total}`;
  return null;
}

function isFreshForPending(order: Order, { report, now }: ReportedCharge): boolean {
  if (order.status !== 'pending' || order.paidReference !== undefined || report.paidAt === null) return false;
  return Math.abs(now.getTime() - report.paidAt.getTime()) <= WEBHOOK_FRESH_MS;
}

function withReport(attempt: PaymentAttempt, { report, now }: ReportedCharge): PaymentAttempt {
  const { initializeUntil: _, ...rest } = attempt;
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
  };
}

/** The update that makes `charged` the charge that pays the order, and queues it for settlement. */
export function payingChange(payments: PaymentAttempt[], charged: PaymentAttempt, now: Date): OrderChange {
  return {
    set: { payments, paidReference: charged.reference, settlement: { queuedAt: charged.paidAt ?? now, attempts: 0 } },
    actor: 'system',
    reason: `paid by ${charged.reference}`,
  };
}

function owedBack(
  order: Order,
  charged: PaymentAttempt,
  payments: PaymentAttempt[],
  evidence: ReportedCharge,
): Evaluation {
  const why = order.status === 'cancelled' ? 'paid_after_cancel' : 'paid_twice';
  const refund = newRefund(charged, charged.amount ?? 0, why, 'system', evidence);
  return {
    outcome: 'surplus',
    change: {
      set: { payments, refunds: withRefund(order, refund) },
      actor: 'system',
      reason: `charge ${charged.reference} cannot buy (${why}): refund requested`,
      emails: [{ kind: 'refund_started', data: { reason: why, amount: refund.amount, refundId: refund.refundId } }],
    },
  };
}

function openReview(order: Order, charged: PaymentAttempt, why: string, now: Date): Evaluation {
  const reviewed = { ...charged, review: { reason: why, openedAt: now } };
  return {
    outcome: 'review',
    change: {
      set: { payments: replaceAttempt(order, reviewed), ...withoutSettlement(order, charged.reference) },
      actor: 'system',
      reason: `charge ${charged.reference} is in review: ${why}`,
      emails: [{ kind: 'payment_review' }],
    },
  };
}

/** What withdraws the order from settlement while the charge that pays it is doubted; nothing for any other charge. */
export function withoutSettlement(order: Order, reference: string): OrderChange['set'] {
  if (order.status !== 'pending' || order.paidReference !== reference) return {};
  return { settlement: { attempts: order.settlement.attempts } };
}

/** What puts a paid, pending order (back) into the queue, at its own place and with its failures forgotten. */
export function queuedForSettlement(order: Order, now: Date): OrderChange['set'] {
  const paidAt = order.paidReference === undefined ? undefined : findAttempt(order, order.paidReference)?.paidAt;
  return { settlement: { queuedAt: order.settlement.queuedAt ?? paidAt ?? now, attempts: 0 } };
}

/** Paystack gave the money back, or a bank took it. Our own refunds look the same and are not doubted. */
function evaluateReversal(order: Order, attempt: PaymentAttempt, evidence: ReportedCharge): Evaluation {
  if (attempt.status === 'reversed') return nothing('known');
  const refunding = hasRefundInFlight(order, attempt.reference);
  const refunded = attempt.amount !== undefined && processedRefunds(order, attempt.reference) >= attempt.amount;
  if (refunding || refunded) return nothing('known');
  const reversed: PaymentAttempt = { ...withReport(attempt, evidence), status: 'reversed' };
  return openReview(order, reversed, 'the charge was reversed at Paystack', evidence.now);
}

/** Asks Paystack about the order's open attempts at once: something was heard that proves nothing by itself. */
export async function makeVerifyDue(db: Database, orderId: Types.ObjectId, now: Date): Promise<void> {
  await changeOrder(
    db,
    orderId,
    (order) => {
      if (order.verifyDueAt !== undefined && order.verifyDueAt <= now) return null;
      return { set: { verifyDueAt: now }, actor: 'system' };
    },
    now,
  );
}

/** Pending orders that Paystack is to be asked about by `now`, the longest due first. */
export async function findDueVerifies(db: Database, now: Date, limit: number): Promise<Types.ObjectId[]> {
  const due = await db.orders
    .find({ verifyDueAt: { $lte: now } }, { _id: 1 })
    .sort({ verifyDueAt: 1 })
    .limit(limit)
    .lean<Pick<Order, '_id'>[]>();
  return due.map(({ _id }) => _id);
}

/**
 * Claims the question about this order by moving it on to its next rung; null when nothing is to be asked any more or
 * another sweep was faster. May be raced: one asker gets it.
 */
export async function claimVerify(db: Database, orderId: Types.ObjectId, now: Date): Promise<Order | null> {
  let claimed = false;
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      claimed = false;
      if (order.verifyDueAt === undefined || order.verifyDueAt > now) return null;
      claimed = order.status === 'pending' && order.paymentStatus === 'unpaid';
      // Paid or in review: there is nothing left to ask.
      return { set: claimed ? nextVerify(order, now) : { verifyDueAt: undefined }, actor: 'system' };
    },
    now,
  );
  return changed && claimed ? order : null;
}
