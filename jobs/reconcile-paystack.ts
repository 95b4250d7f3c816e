/**
 * reconcilePaystack: holds Paystack's list of successful charges beside our books, hourly, and applies what our books
 * lack. The last net under lost webhooks, lost redirects and late payments of orders that have long been cancelled.
 */
import { type ChargeReport, isGatewayError } from '../models/gateway.ts';
import { findOrderByReference } from '../models/order.ts';
import { findAttempt } from '../models/payment-status.ts';
import { findRunMark, setRunMark } from '../models/run-mark.ts';
import type { AppContext } from '../server/context.ts';
import { timeLimit } from './time-limit.ts';
import { verifyPayment } from './verify-payment.ts';

const MARK = 'reconcile-paystack';
/** Charges are listed by when they were created, and may succeed days later: Paystack retries a webhook for 72 h too. */
const LOOK_BACK_MS = 72 * 3600_000;
/** Our references begin so; other systems on the same account have other ones. */
const OUR_PREFIX = 'ord-';
const MAX_PAGES = 10_000;
/** Three days' charges of a very large account; an unfinished pass leaves no mark and is begun anew. */
const PASS_MS = 30 * 60_000;

export interface ReconcileRun {
  outcome: string;
  listed: number;
  applied: number;
}

/**
 * One pass, unless another worker's completed one is younger than the interval (`force` asks for it all the same). An
 * interrupted pass leaves no mark, so the next one looks back from the last completed one. May be repeated and raced.
 */
export async function runReconcileOnce(ctx: AppContext, { force = false } = {}): Promise<ReconcileRun> {
  const startedAt = ctx.clock.now();
  const last = await findRunMark(ctx.db, MARK);
  // Less than the interval, so that a worker's own timer, which spreads, does not find its own last pass too young.
  const young = last !== null && startedAt.getTime() - last.getTime() < ctx.config.reconcileEveryMs * 0.7;
  if (young && !force) return { outcome: 'skipped: another pass is younger', listed: 0, applied: 0 };
  const from = new Date((last ?? startedAt).getTime() - LOOK_BACK_MS);
  let listed = 0;
  let applied = 0;
  const isOver = timeLimit(ctx, PASS_MS);
  for (let page: number | null = 1; page !== null && page <= MAX_PAGES; ) {
    const answer: Awaited<ReturnType<typeof listPage>> = await listPage(ctx, from, startedAt, page);
    if (answer === 'unavailable')
      return { outcome: `ended early after ${listed}: Paystack gives no list`, listed, applied };
    for (const charge of answer.charges) {
      if (isOver()) return { outcome: `ended early after ${listed}: out of time`, listed, applied };
      applied += (await compare(ctx, charge)) ? 1 : 0;
    }
    listed += answer.charges.length;
    page = answer.nextPage;
  }
  await setRunMark(ctx.db, MARK, startedAt);
  ctx.events.sweepFound({ kind: 'reconcile', count: applied });
  return { outcome: `listed ${listed}, applied ${applied}`, listed, applied };
}

async function listPage(ctx: AppContext, from: Date, to: Date, page: number) {
  try {
    return await ctx.paystack.listCharges({ from, to, page });
  } catch (error) {
    if (isGatewayError(error)) return 'unavailable' as const;
    throw error;
  }
}

/** True when our books lacked the charge and Paystack's answer changed that. */
async function compare(ctx: AppContext, charge: ChargeReport): Promise<boolean> {
  if (!charge.reference.startsWith(OUR_PREFIX)) return false;
  const order = await findOrderByReference(ctx.db, charge.reference);
  if (!order) {
    const { reference, amount, currency } = charge;
    ctx.events.foreignCharge({ reference, amount, currency });
    return false;
  }
  const status = findAttempt(order, charge.reference)?.status;
  if (status === 'succeeded' || status === 'reversed') return false;
  try {
    const { outcome } = await verifyPayment(ctx, charge.reference, 'reconcile');
    return outcome !== 'known' && outcome !== 'open';
  } catch (error) {
    if (isGatewayError(error)) return false;
    throw error;
  }
}
