/**
 * reconcilePaystack: holds Paystack's list of successful charges beside our books, hourly, and applies what our books
 * lack. The last net under lost webhooks, lost redirects and late payments of orders that have long been cancelled.
 */

import { advanceCheckpoint, findCheckpoint } from '../models/db/checkpoint.ts';
import { findOrderByReference } from '../models/order/find-order.ts';
import { findAttempt } from '../models/order/payment-status.ts';
import { type ChargeReport, isGatewayError } from '../models/payment/gateway-reports.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import type { JobContext } from './context.ts';
import { verifyPayment } from './payments/verify-payment.ts';

const CHECKPOINT = 'reconcile-paystack';
/** Charges are listed by when they were created, and may succeed days later: Paystack retries a webhook for 72 h too. */
const LOOK_BACK_MS = 72 * 3600_000;
/** Our references begin so; other systems on the same account have other ones. */
const OUR_PREFIX = 'ord-';
const MAX_PAGES = 10_000;
/** Three days' charges of a very large account; an unfinished pass leaves no mark and is begun anew. */
const PASS_MS = 30 * 60_000;
/** So many questions in a row without an answer mean that Paystack is away, rather than that one charge is odd. */
const MAX_UNANSWERED = 3;

export interface ReconcileRun {
  outcome: string;
  listed: number;
  applied: number;
}

/**
 * One pass, unless another worker's completed one is younger than the interval (`force` asks for it all the same). A pass
 * that was interrupted, or that Paystack left without an answer about a charge, leaves no mark, so the next one looks back
 * from the last completed one. A charge that is never answered for holds up no other: the pass goes on behind it.
 * May be repeated and raced.
 */
export async function runReconcileOnce(ctx: JobContext, { force = false } = {}): Promise<ReconcileRun> {
  const startedAt = ctx.clock.now();
  const last = await findCheckpoint(ctx.db, CHECKPOINT);
  // Less than the interval, so that a worker's own timer, which spreads, does not find its own last pass too young.
  const young = last !== null && startedAt.getTime() - last.getTime() < ctx.config.reconcileEveryMs * 0.7;
  if (young && !force) return { outcome: 'skipped: another pass is younger', listed: 0, applied: 0 };
  const from = new Date((last ?? startedAt).getTime() - LOOK_BACK_MS);
  let [listed, applied, unanswered, inARow] = [0, 0, 0, 0];
  const isOver = startTimeBudget(ctx, PASS_MS);
  for (let page: number | null = 1; page !== null && page <= MAX_PAGES; ) {
    const answer: Awaited<ReturnType<typeof listPage>> = await listPage(ctx, from, startedAt, page);
    if (answer === 'unavailable')
      return { outcome: `ended early after ${listed}: Paystack gives no list`, listed, applied };
    for (const charge of answer.charges) {
      if (isOver()) return { outcome: `ended early after ${listed}: out of time`, listed, applied };
      const found = await compare(ctx, charge);
      if (found === 'applied') applied += 1;
      if (found === 'unanswered') unanswered += 1;
      inARow = found === 'unanswered' ? inARow + 1 : found === 'known' ? inARow : 0;
      if (found === 'rate_limited' || inARow >= MAX_UNANSWERED)
        return { outcome: `ended early after ${listed}: Paystack gives no answers`, listed, applied };
    }
    listed += answer.charges.length;
    page = answer.nextPage;
  }
  if (unanswered === 0) await advanceCheckpoint(ctx.db, CHECKPOINT, startedAt);
  ctx.events.sweepFound({ kind: 'reconcile', count: applied });
  const gaps = unanswered === 0 ? '' : `, without an answer ${unanswered}`;
  return { outcome: `listed ${listed}, applied ${applied}${gaps}`, listed, applied };
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
 * `applied`: our books lacked the charge and Paystack's answer changed that. `nothing_new`: it was asked, and it did not.
 * `known`: nobody had to be asked. An answer that says no, or that cannot be read, is one: the next one will be the same.
 */
type Comparison = 'applied' | 'nothing_new' | 'known' | 'unanswered' | 'rate_limited';

async function compare(ctx: JobContext, charge: ChargeReport): Promise<Comparison> {
  if (!charge.reference.startsWith(OUR_PREFIX)) return 'known';
  const order = await findOrderByReference(ctx.db, charge.reference);
  if (!order) {
    const { reference, amount, currency } = charge;
    ctx.events.foreignCharge({ reference, amount, currency });
    return 'known';
  }
  const status = findAttempt(order, charge.reference)?.status;
  if (status === 'succeeded' || status === 'reversed') return 'known';
  try {
    const { outcome } = await verifyPayment(ctx, charge.reference, 'reconcile');
    return outcome === 'unchanged' || outcome === 'open' ? 'nothing_new' : 'applied';
  } catch (error) {
    if (isGatewayError(error, 'rate_limited')) return 'rate_limited';
    if (isGatewayError(error, 'unavailable')) return 'unanswered';
    if (isGatewayError(error)) return 'nothing_new';
    throw error;
  }
}
