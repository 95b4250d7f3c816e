/**
 * processRefunds: drives refunds to their end by asking Paystack. Refunds have no idempotency key there, so the list comes
 * first, always: ours (merchant_note `rf:<refundId>`) is created only when it is absent. Between two looks a refund waits
 * at its own `dueAt`; a claim is a moved dueAt, so two workers never send the same one.
 */

import type { Order, Refund } from '../models/order/order-document.ts';
import { currencyOfCharge, findAttempt } from '../models/order/payment-status.ts';
import { isRefundOpen, type RefundState } from '../models/order/status.ts';
import { type GatewayError, isGatewayError, type RefundReport } from '../models/payment/gateway-reports.ts';
import { findOurs, findReplacement, noteOf } from '../models/refund/listed-refunds.ts';
import { markRefundSent, type SendDecision } from '../models/refund/mark-refund-sent.ts';
import { postponeRefund, recordRefund } from '../models/refund/record-refund.ts';
import { claimRefund, findDueRefunds } from '../models/refund/refund-queue.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import type { JobContext } from './context.ts';
import { afterChange } from './payments/after-change.ts';
import { recordExternalRefunds } from './payments/external-refunds.ts';

/** After an unknown outcome Paystack's list may lag: wait this long before believing that a refund is absent. */
const UNKNOWN_OUTCOME_WAIT_MS = 120_000;
const RUN_LIMIT = 500;
const CONCURRENCY = 4;
/** One refund takes up to 40 s, list and creation: the run ends before its lock of 180 s does. */
const RUN_MS = 60_000;

export interface RefundRun {
  handled: number;
  outcome: string;
  /** Paystack asked us to slow down: leave the rest to the next round. */
  rateLimited: boolean;
}

/** The refund's state at Paystack, or why it is left for later. */
type RefundOutcome = RefundState | Exclude<SendDecision, 'send'> | 'waiting' | 'postponed' | 'rate_limited';

/** Works on every refund that is due. May be repeated and raced. Throws only when the database fails. */
export async function runRefundsOnce(ctx: JobContext, limit = RUN_LIMIT): Promise<RefundRun> {
  const due = await findDueRefunds(ctx.db, ctx.clock.now(), limit);
  const counts = new Map<RefundOutcome, number>();
  let rateLimited = false;
  const isOver = startTimeBudget(ctx, RUN_MS);
  const worker = async () => {
    for (let orderId = due.shift(); orderId !== undefined && !rateLimited && !isOver(); orderId = due.shift()) {
      const claim = await claimRefund(ctx.db, orderId, ctx.clock.now());
      if (!claim) continue;
      const outcome = await driveRefund(ctx, claim.order, claim.refund);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      rateLimited ||= outcome === 'rate_limited';
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const words = [...counts].map(([outcome, count]) => `${outcome.replaceAll('_', ' ')} ${count}`);
  const handled = [...counts.values()].reduce((a, b) => a + b, 0);
  return { handled, outcome: words.length > 0 ? words.join(', ') : 'nothing due', rateLimited };
}

/** One look at one claimed refund: find it at Paystack, else send it; record what Paystack says. Never throws a GatewayError. */
async function driveRefund(ctx: JobContext, order: Order, refund: Refund): Promise<RefundOutcome> {
  try {
    const found = await findOrSend(ctx, order, refund);
    if (typeof found === 'string') return found;
    const { report, duplicateIds = [], listed } = found;
    const after = await recordRefund(ctx.db, order._id, refund.refundId, report, ctx.clock.now(), duplicateIds);
    await afterChange(ctx, after, { kind: 'refund_recorded', before: refund, duplicateIds });
    const state = after.refunds.find(({ refundId }) => refundId === refund.refundId)?.state ?? refund.state;
    // What was heard of meanwhile could not be told from ours, which was under way.
    if (!isRefundOpen(state)) await recordExternalRefunds(ctx, order, refund.reference, listed);
    return state;
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    return afterGatewayError(ctx, order, refund, error);
  }
}

/** What Paystack says of the refund, sent now if it was not; else in words why it is left for later. */
async function findOrSend(
  ctx: JobContext,
  order: Order,
  refund: Refund,
): Promise<{ report: RefundReport; duplicateIds?: string[]; listed: RefundReport[] } | RefundOutcome> {
  const gatewayId = findAttempt(order, refund.reference)?.gatewayId;
  if (gatewayId === undefined)
    throw new Error(`Refund ${refund.refundId}: its charge ${refund.reference} has no transaction id.`);
  const listed = await ctx.paystack.listRefunds({ gatewayId });
  const ours = findOurs(listed, refund);
  if (ours) return { ...ours, listed };
  // Sent and accepted, but not listed yet.
  if (refund.gatewayRefundId !== undefined)
    return { report: await ctx.paystack.getRefund(refund.gatewayRefundId), listed };
  const { sentAt } = refund;
  const now = ctx.clock.now();
  if (sentAt !== undefined && now.getTime() - sentAt.getTime() < UNKNOWN_OUTCOME_WAIT_MS) {
    const waitMs = sentAt.getTime() + UNKNOWN_OUTCOME_WAIT_MS - now.getTime();
    await postponeRefund(
      ctx.db,
      order._id,
      refund.refundId,
      { message: 'sent, not listed yet', counts: false, waitMs, isWait: true },
      now,
    );
    return 'waiting';
  }
  const instead = findReplacement(order, refund, listed);
  if (instead) return { report: instead, listed };
  const decision = await markRefundSent(ctx.db, order._id, refund, now);
  if (decision !== 'send') return decision;
  const report = await ctx.paystack.createRefund({
    reference: refund.reference,
    amount: { amount: refund.amount, currency: currencyOfCharge(order, refund.reference) },
    merchantNote: noteOf(refund),
    customerNote: `Refund for order ${order.code}`,
  });
  return { report, listed };
}

async function afterGatewayError(
  ctx: JobContext,
  order: Order,
  refund: Refund,
  error: GatewayError,
): Promise<RefundOutcome> {
  const definite = error.kind === 'rejected' || error.kind === 'unknown_reference' || error.kind === 'already_refunded';
  const failure = {
    message: `${error.kind}: ${error.message}`.slice(0, 300),
    counts: definite,
    waitMs: error.outcomeUnknown ? UNKNOWN_OUTCOME_WAIT_MS : error.retryAfterMs,
    // Somebody gave the whole charge back: sending again cannot work, and the list will tell who, or staff say so.
    giveUp: error.kind === 'already_refunded',
  };
  const after = await postponeRefund(ctx.db, order._id, refund.refundId, failure, ctx.clock.now());
  await afterChange(ctx, after, { kind: 'refund_recorded', before: refund });
  return error.kind === 'rate_limited' ? 'rate_limited' : 'postponed';
}
