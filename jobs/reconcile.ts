/**
 * reconcilePaystack: compares Paystack's list of successful charges with our orders, hourly, and records missing charges.
 * It is the last resort after lost webhooks, lost redirects and late payments of long cancelled orders.
 */

import { advanceCheckpoint, findCheckpoint } from '../models/db/checkpoint.ts';
import { isOurReference } from '../models/order/ids/reference.ts';
import { findAttempt } from '../models/order/payment-status.ts';
import { findOrderByReference } from '../models/order/queries/find-order.ts';
import { hasKnownShape } from '../models/order/shape.ts';
import { type ChargeReport, isGatewayError } from '../models/payment/gateway-reports.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import type { JobContext } from './context.ts';
import { verifyPayment } from './payments/verify-payment.ts';

const CHECKPOINT = 'reconcile-paystack';
/** Charges are listed by when they were created, and may succeed days later: Paystack retries a webhook for 72 h too. */
const LOOK_BACK_MS = 72 * 3600_000;
const MAX_PAGES = 10_000;
/** Enough for three days' charges of a very large account; an unfinished pass leaves no checkpoint and starts again. */
const PASS_MS = 30 * 60_000;
/** After so many consecutive calls without an answer Paystack counts as down. */
const MAX_UNANSWERED = 3;

/** Why a pass ended: `recent`: another worker's pass was too recent to begin one; `no_list`, `no_answers`: Paystack failed. */
export type ReconcileEnd = 'completed' | 'recent' | 'no_list' | 'no_answers' | 'out_of_time';

export interface ReconcileRun {
  ended: ReconcileEnd;
  listed: number;
  applied: number;
  /** Charges about which Paystack gave no answer, and those left to a newer process. */
  unanswered: number;
}

/**
 * One pass, unless another worker completed one within the interval (`force`: nevertheless). An interrupted pass, or one
 * with an unanswered charge, leaves no checkpoint: the next pass looks back from the last one. An unanswered charge does
 * not stop the pass. May be repeated and raced.
 */
export async function runReconcileOnce(ctx: JobContext, { force = false } = {}): Promise<ReconcileRun> {
  const startedAt = ctx.clock.now();
  const last = await findCheckpoint(ctx.db, CHECKPOINT);
  // Less than the interval, because the timer's spread may start a worker's next pass before a full interval has passed.
  const recent = last !== null && startedAt.getTime() - last.getTime() < ctx.config.reconcileEveryMs * 0.7;
  if (recent && !force) return { ended: 'recent', listed: 0, applied: 0, unanswered: 0 };
  const from = new Date((last ?? startedAt).getTime() - LOOK_BACK_MS);
  let [listed, applied, unanswered, inARow] = [0, 0, 0, 0];
  const endedBy = (ended: ReconcileEnd): ReconcileRun => ({ ended, listed, applied, unanswered });
  const isOver = startTimeBudget(ctx, PASS_MS);
  for (let page: number | null = 1; page !== null && page <= MAX_PAGES; ) {
    const answer: Awaited<ReturnType<typeof listPage>> = await listPage(ctx, from, startedAt, page);
    if (answer === 'unavailable') return endedBy('no_list');
    for (const charge of answer.charges) {
      if (isOver()) return endedBy('out_of_time');
      const comparison = await compare(ctx, charge);
      if (comparison === 'applied') applied += 1;
      if (comparison === 'unanswered' || comparison === 'left') unanswered += 1;
      const called = comparison !== 'known' && comparison !== 'left';
      inARow = comparison === 'unanswered' ? inARow + 1 : called ? 0 : inARow;
      if (comparison === 'rate_limited' || inARow >= MAX_UNANSWERED) return endedBy('no_answers');
    }
    listed += answer.charges.length;
    page = answer.nextPage;
  }
  if (unanswered === 0) await advanceCheckpoint(ctx.db, CHECKPOINT, startedAt);
  ctx.events.sweepFound({ kind: 'reconcile', count: applied });
  return endedBy('completed');
}

async function listPage(ctx: JobContext, from: Date, to: Date, page: number) {
  try {
    return await ctx.paystack.listCharges({ from, to, page });
  } catch (error) {
    if (isGatewayError(error)) return 'unavailable' as const;
    throw error;
  }
}

/**
 * `known`: no call was needed. `applied`: verify recorded a charge that our order lacked. `unchanged`: verify recorded
 * nothing. `left`: the order is of a higher shape. A refusal or an unreadable answer counts as one: the next would be the same.
 */
type Comparison = 'known' | 'left' | 'applied' | 'unchanged' | 'unanswered' | 'rate_limited';

async function compare(ctx: JobContext, charge: ChargeReport): Promise<Comparison> {
  if (!isOurReference(charge.reference)) return 'known';
  const order = await findOrderByReference(ctx.db, charge.reference);
  if (!order) {
    const { reference, amount, currency } = charge;
    ctx.events.foreignCharge({ reference, amount, currency });
    return 'known';
  }
  if (!hasKnownShape(order)) return 'left';
  const status = findAttempt(order, charge.reference)?.status;
  if (status === 'succeeded') return 'known';
  try {
    const { outcome } = await verifyPayment(ctx, charge.reference, 'reconcile');
    return outcome === 'unchanged' || outcome === 'open' ? 'unchanged' : 'applied';
  } catch (error) {
    if (isGatewayError(error, 'rate_limited')) return 'rate_limited';
    if (isGatewayError(error, 'unavailable')) return 'unanswered';
    if (isGatewayError(error)) return 'unchanged';
    throw error;
  }
}
