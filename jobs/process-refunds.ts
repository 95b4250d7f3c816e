/**
 * processRefunds: drives refunds to their end at Paystack. Paystack's refunds have no idempotency key, so each is listed
 * first: ours (merchant_note `rf:<refundId>`) is created only if it is absent. Between two steps a refund waits until its
 * `dueAt`. Claiming a refund moves its `dueAt` on, so two workers never send the same one. Several refunds of one charge
 * may be open at Paystack; they are sent one after the other (models/order/money/open-refunds).
 */
import type { RefundState } from '../models/contract/statuses.ts';
import { DEADLINES } from '../models/deadlines.ts';
import { hasOtherAtPaystack } from '../models/order/money/open-refunds.ts';
import type { Order, Refund } from '../models/order/order-document.ts';
import { currencyOfCharge, findAttempt } from '../models/order/payment-status.ts';
import { clearOwnFailures } from '../models/order/stuck/own-failures.ts';
import { type GatewayError, isGatewayError, type RefundReport } from '../models/payment/gateway-reports.ts';
import { findOurs, findReplacement, noteOf } from '../models/refund/listed-refunds.ts';
import { markRefundSent, type SendDecision } from '../models/refund/mark-refund-sent.ts';
import { postponeRefund, type RefundFailure, recordRefund } from '../models/refund/record-refund.ts';
import { claimRefund, findDueRefunds } from '../models/refund/refund-queue.ts';
import { BALANCE_WAIT_MS, NEXT_CHECK_MS } from '../models/refund/refund-schedule.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import { runWorkLoop } from './concurrency/work-loop.ts';
import type { JobContext } from './context.ts';
import { countOrderFailure } from './count-order-failure.ts';
import { afterChange } from './payments/after-change.ts';
import { recordExternalRefunds } from './payments/external-refunds.ts';
import { enterReturns, followReversal } from './payments/read-returns.ts';

/** After an unknown outcome Paystack's list may lag: a refund counts as absent only after this wait. */
const UNKNOWN_OUTCOME_WAIT_MS = 120_000;
const RUN_LIMIT = 500;
const CONCURRENCY = 4;

/** `waiting`: sent, and not listed yet. */
type RefundStep = RefundState | Exclude<SendDecision, 'send'> | 'waiting' | 'rate_limited' | 'postponed';

export interface RefundRun {
  handled: number;
  /** Orders whose refund failed by the order's own fault. */
  failed: number;
  /** The number of refunds by the state in which the run left them. */
  steps: Partial<Record<RefundStep, number>>;
  /** Paystack answered 429: the next round does the rest. */
  rateLimited: boolean;
  /** True when more may be due than this run began: enqueue the next run. */
  again: boolean;
}

/**
 * Works on every refund that is due, one of each order. May be repeated and raced. An order that fails keeps no other
 * waiting. Throws only when the database fails.
 */
export async function runRefundsOnce(ctx: JobContext, limit = RUN_LIMIT): Promise<RefundRun> {
  const due = await findDueRefunds(ctx.db, ctx.clock.now(), limit);
  const steps: RefundRun['steps'] = {};
  let handled = 0;
  let rateLimited = false;
  const isOutOfTime = startTimeBudget(ctx, DEADLINES.refundRun);
  const isOver = () => rateLimited || isOutOfTime();
  const failed = await runWorkLoop(ctx, due, {
    name: 'refunds',
    concurrency: CONCURRENCY,
    isOver,
    work: async (orderId) => {
      const claim = await claimRefund(ctx.db, orderId, ctx.clock.now());
      if (!claim) return;
      const step = await driveRefund(ctx, claim.order, claim.refund);
      await clearOwnFailures(ctx.db, claim.order, 'refunds', ctx.clock.now());
      handled += 1;
      steps[step] = (steps[step] ?? 0) + 1;
      rateLimited ||= step === 'rate_limited';
    },
    countFailure: (orderId, error) => countOrderFailure(ctx, orderId, 'refunds', error),
    describe: (orderId) => ({ orderId: String(orderId) }),
  });
  return { handled, failed, steps, rateLimited, again: due.length === limit && !rateLimited };
}

/** Finds the claimed refund at Paystack, else sends it; records Paystack's state. Never throws a GatewayError. */
async function driveRefund(ctx: JobContext, order: Order, refund: Refund): Promise<RefundStep> {
  try {
    const result = await findOrSend(ctx, order, refund);
    if (typeof result === 'string') return result;
    const { report, duplicateIds = [], listed } = result;
    const after = await recordRefund(ctx.db, order._id, refund.refundId, report, ctx.clock.now(), duplicateIds);
    await afterChange(ctx, after, { kind: 'refund_recorded', before: refund, duplicateIds });
    // Once more: an external refund of the same amount was left while it could still stand in place of ours.
    await recordExternalRefunds(ctx, order, refund.reference, listed);
    return after.refunds.find(({ refundId }) => refundId === refund.refundId)?.state ?? refund.state;
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    return afterGatewayError(ctx, order, refund, error);
  }
}

/** Paystack's report of the refund, which is sent if it was absent; else the reason for which it waits. */
async function findOrSend(
  ctx: JobContext,
  order: Order,
  refund: Refund,
): Promise<{ report: RefundReport; duplicateIds?: string[]; listed: RefundReport[] } | RefundStep> {
  const gatewayId = findAttempt(order, refund.reference)?.gatewayId;
  if (gatewayId === undefined)
    throw new Error(`Refund ${refund.refundId}: its charge ${refund.reference} has no transaction id.`);
  const listed = await ctx.paystack.listRefunds({ gatewayId });
  const ours = findOurs(listed, refund, order);
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
  // First what else goes back, so that ours is sent neither for more than is left nor beside a dispute. Paystack takes a
  // refund of a disputed charge, whose webhook may be lost, and the bank would take the same money once more.
  const { order: fresh } = await enterReturns(ctx, order, { reference: refund.reference, gatewayId, listed });
  const replacement = findReplacement(fresh, refund, listed);
  if (replacement) return { report: replacement, listed };
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
): Promise<RefundStep> {
  const failure = failureOf(order, refund, error);
  const after = await postponeRefund(ctx.db, order._id, refund.refundId, failure, ctx.clock.now());
  await afterChange(ctx, after, { kind: 'refund_recorded', before: refund });
  // All of the charge went back, and its refunds and disputes may explain how.
  if (error.kind === 'already_refunded') await followReversal(ctx, after, refund.reference);
  return error.kind === 'rate_limited' ? 'rate_limited' : 'postponed';
}

function failureOf(order: Order, refund: Refund, error: GatewayError): RefundFailure {
  const message = `${error.kind}: ${error.message}`.slice(0, 300);
  if (error.kind === 'insufficient_balance')
    return { message, counts: false, waitMs: BALANCE_WAIT_MS, isWait: true, isBalanceLow: true };
  const definite = error.kind === 'rejected' || error.kind === 'unknown_reference' || error.kind === 'already_refunded';
  // Paystack may refuse a second refund of a charge for as long as the first is pending.
  if (definite && hasOtherAtPaystack(order, refund))
    return { message, counts: false, waitMs: NEXT_CHECK_MS, isWait: true };
  return {
    message,
    counts: definite,
    waitMs: error.outcomeUnknown ? UNKNOWN_OUTCOME_WAIT_MS : error.retryAfterMs,
    // The whole charge was refunded elsewhere, so a retry cannot succeed. The list may show that refund, else staff record it.
    giveUp: error.kind === 'already_refunded',
  };
}
