/**
 * reconcilePaystack: compares Paystack's lists of charges, refunds, disputes and payouts with our books, hourly, and records
 * what they lack. It is the last resort after lost webhooks, lost redirects and late payments of long cancelled orders.
 * Each list is a pass with a checkpoint of its own.
 */
import { saveAwaitedPayout } from '../../models/payout/awaited-payout.ts';
import { findUnpaidCharges } from '../../models/payout/flag-unpaid.ts';
import { hasPayouts } from '../../models/payout/list-payouts.ts';
import { findPassState, PASS_NAMES, type PassName } from '../../models/reconcile/pass-state.ts';
import { startTimeBudget } from '../concurrency/time-budget.ts';
import type { JobContext } from '../context.ts';
import { chargesPass, dailyChargesPass } from './charges-pass.ts';
import { disputesPass } from './disputes-pass.ts';
import { payoutsPass } from './payouts-pass.ts';
import { refundsPass } from './refunds-pass.ts';
import { type PassEnd, type PassOptions, type PassRun, runPass } from './run-pass.ts';

/** Enough for three days' charges of a very large account; an unfinished pass leaves no checkpoint and starts again. */
const RUN_MS = 30 * 60_000;

export type ReconcileEnd = PassEnd;

export interface ReconcileRun {
  /** `completed` when every pass that was due was. */
  ended: ReconcileEnd;
  /** Over all passes. */
  listed: number;
  applied: number;
  unanswered: number;
  passes: Record<PassName, PassRun>;
}

const NOT_RUN: PassRun = { ended: 'recent', listed: 0, applied: 0, unanswered: 0 };

/**
 * Each pass once, unless another worker completed it within its interval (`force`: nevertheless). After a pass in which
 * Paystack gives no answers no other begins. May be repeated and raced.
 */
export async function runReconcileOnce(ctx: JobContext, { force = false } = {}): Promise<ReconcileRun> {
  const options: PassOptions = { force, isOver: startTimeBudget(ctx, RUN_MS) };
  const passes: Record<PassName, PassRun> = {
    ...{ charges: NOT_RUN, refunds: NOT_RUN, disputes: NOT_RUN, payouts: NOT_RUN, charges_daily: NOT_RUN },
  };
  const runs: Record<PassName, () => Promise<PassRun>> = {
    charges: () => runPass(ctx, chargesPass(ctx), options),
    refunds: () => runPass(ctx, refundsPass(ctx), options),
    disputes: () => runPass(ctx, disputesPass(ctx), options),
    payouts: () => runPass(ctx, payoutsPass(ctx), options),
    charges_daily: () => runPass(ctx, dailyChargesPass(ctx), options),
  };
  for (const name of PASS_NAMES) {
    passes[name] = await runs[name]();
    if (passes[name].ended === 'no_answers' || passes[name].ended === 'out_of_time') break;
  }
  if (passes.payouts.ended === 'completed') await countUnpaid(ctx);
  const sum = (field: 'listed' | 'applied' | 'unanswered') =>
    PASS_NAMES.reduce((total, name) => total + passes[name][field], 0);
  const run = { ended: endOf(Object.values(passes)), listed: sum('listed'), applied: sum('applied') };
  ctx.events.sweepFound({ kind: 'reconcile', count: run.applied });
  return { ...run, unanswered: sum('unanswered'), passes };
}

/** The first end that is no success. */
function endOf(passes: readonly PassRun[]): ReconcileEnd {
  const ends = passes.map(({ ended }) => ended);
  const failed = ends.find((ended) => ended !== 'completed' && ended !== 'recent');
  return failed ?? (ends.includes('completed') ? 'completed' : 'recent');
}

/** Only while payouts are read: with a test key Paystack has none. */
async function countUnpaid(ctx: JobContext): Promise<void> {
  const { paystackDomain: domain, shopTimeZone: timeZone } = ctx.config;
  const { since } = await findPassState(ctx.db, 'payouts');
  if (since === null || (domain === 'test' && !(await hasPayouts(ctx.db)))) return;
  const now = ctx.clock.now();
  const { flagged, awaited } = await findUnpaidCharges(ctx.db, { now, since, timeZone, domain });
  await saveAwaitedPayout(ctx.db, { countedAt: now, sums: awaited });
  if (flagged > 0) ctx.events.chargesUnpaid({ count: flagged });
}
