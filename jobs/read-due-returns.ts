/**
 * The sweep's reading of what went back of charges: those that Paystack calls reversed, and those with an open dispute. It
 * finds what no webhook reported, and decides a reversal at its second reading.
 */

import { DEADLINES } from '../models/deadlines.ts';
import { claimReturns, findDueReturns } from '../models/dispute/returns-queue.ts';
import { clearOwnFailures } from '../models/order/stuck/own-failures.ts';
import { type GatewayError, isGatewayError } from '../models/payment/gateway-reports.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import { runWorkLoop } from './concurrency/work-loop.ts';
import type { JobContext } from './context.ts';
import { countOrderFailure } from './count-order-failure.ts';
import { applyDisputeReport, followReversal } from './payments/read-returns.ts';

/** Calls to Paystack in flight. */
const CONCURRENCY = 2;

/**
 * Reads every order that is due, `limit` at most; returns the count. Each is claimed before the calls. A 429 ends the
 * round. An order that fails keeps no other waiting.
 */
export async function readDueReturns(ctx: JobContext, limit: number): Promise<number> {
  const due = await findDueReturns(ctx.db, ctx.clock.now(), limit);
  let count = 0;
  let rateLimited = false;
  const isOutOfTime = startTimeBudget(ctx, DEADLINES.sweepReturns);
  await runWorkLoop(ctx, due, {
    name: 'returns',
    concurrency: CONCURRENCY,
    isOver: () => rateLimited || isOutOfTime(),
    work: async (orderId) => {
      const claimed = await claimReturns(ctx.db, orderId, ctx.clock.now());
      if (!claimed) return;
      count += 1;
      const { order, reversals, disputes } = claimed;
      for (const reference of reversals) await followReversal(ctx, order, reference);
      for (const { disputeId, reference } of disputes) {
        const report = await ctx.paystack.getDispute(disputeId).catch(orGatewayError);
        if (!isGatewayError(report)) await applyDisputeReport(ctx, order, reference, report);
        rateLimited ||= isGatewayError(report, 'rate_limited');
      }
      await clearOwnFailures(ctx.db, order, 'returns', ctx.clock.now());
    },
    countFailure: (orderId, error) => countOrderFailure(ctx, orderId, 'returns', error),
    describe: (orderId) => ({ orderId: String(orderId) }),
  });
  return count;
}

/** Without an answer the claim's time has moved on, and the dispute is read again then. */
function orGatewayError(error: unknown): GatewayError {
  if (isGatewayError(error)) return error;
  throw error;
}
