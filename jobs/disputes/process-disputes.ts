/**
 * processDisputes: reads disputes and reversed charges at Paystack, brings staff's answers there, and alerts staff of
 * deadlines. It finds what no webhook reported, and decides a reversal at its second
 * reading.
 */
import { DEADLINES } from '../../models/deadlines.ts';
import { type ClaimedReturns, claimReturns, findDueReturns } from '../../models/dispute/returns-queue.ts';
import { clearOwnFailures } from '../../models/order/stuck/own-failures.ts';
import { type GatewayError, isGatewayError } from '../../models/payment/gateway-reports.ts';
import { startTimeBudget } from '../concurrency/time-budget.ts';
import { runWorkLoop } from '../concurrency/work-loop.ts';
import type { JobContext } from '../context.ts';
import { countOrderFailure } from '../count-order-failure.ts';
import { applyDisputeReport, followReversal } from '../payments/read-returns.ts';
import { alertOfDeadlines } from './alert-of-deadlines.ts';
import { sendAnswer } from './send-answer.ts';

/** Orders that are worked on at once. */
const CONCURRENCY = 2;
const RUN_LIMIT = 500;

export interface DisputeRun {
  /** Orders that were due. */
  handled: number;
  /** Answers that Paystack's record shows since. */
  answered: number;
  /** Emails to staff about deadlines. */
  alerts: number;
  /** True when more may be due than this run began. */
  again: boolean;
}

/**
 * Works on every order that is due, `limit` at most. Each is claimed before the calls. A 429 ends the round. An order that
 * fails keeps no other waiting. Alerts come first, because they need no answer of Paystack. May be repeated and raced.
 */
export async function runDisputesOnce(ctx: JobContext, limit = RUN_LIMIT): Promise<DisputeRun> {
  const alerts = await alertOfDeadlines(ctx);
  const due = await findDueReturns(ctx.db, ctx.clock.now(), limit);
  const count = { handled: 0, answered: 0 };
  let rateLimited = false;
  const isOutOfTime = startTimeBudget(ctx, DEADLINES.disputeRun);
  await runWorkLoop(ctx, due, {
    name: 'disputes',
    concurrency: CONCURRENCY,
    isOver: () => rateLimited || isOutOfTime(),
    work: async (orderId) => {
      const claimed = await claimReturns(ctx.db, orderId, ctx.clock.now());
      if (!claimed) return;
      count.handled += 1;
      const done = await workOn(ctx, claimed);
      count.answered += done.answered;
      rateLimited ||= done.rateLimited;
      await clearOwnFailures(ctx.db, claimed.order, 'returns', ctx.clock.now());
    },
    countFailure: (orderId, error) => countOrderFailure(ctx, orderId, 'returns', error),
    describe: (orderId) => ({ orderId: String(orderId) }),
  });
  return { ...count, alerts, again: due.length === limit && !rateLimited };
}

async function workOn(
  ctx: JobContext,
  { order, reversals, disputes, answers }: ClaimedReturns,
): Promise<{ answered: number; rateLimited: boolean }> {
  let answered = 0;
  let rateLimited = false;
  for (const reference of reversals) await followReversal(ctx, order, reference);
  for (const { disputeId, reference } of disputes) {
    const claim = answers.find((answer) => answer.disputeId === disputeId);
    if (claim !== undefined) {
      const outcome = await sendAnswer(ctx, order, reference, claim);
      if (outcome === 'sent') answered += 1;
      rateLimited ||= outcome === 'rate_limited';
      continue;
    }
    const report = await ctx.paystack.getDispute(disputeId).catch(orGatewayError);
    if (!isGatewayError(report)) await applyDisputeReport(ctx, order, reference, report);
    rateLimited ||= isGatewayError(report, 'rate_limited');
  }
  return { answered, rateLimited };
}

/** Without an answer the claim's time has moved on, and the dispute is read again then. */
function orGatewayError(error: unknown): GatewayError {
  if (isGatewayError(error)) return error;
  throw error;
}
