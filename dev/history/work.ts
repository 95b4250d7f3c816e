/** The work of the jobs, for those who let a shop live on a clock that they move themselves: nothing runs between two calls. */
import { runDisputesOnce } from '../../jobs/disputes/process-disputes.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { disputesPass } from '../../jobs/reconcile/disputes-pass.ts';
import { payoutsPass } from '../../jobs/reconcile/payouts-pass.ts';
import { refundsPass } from '../../jobs/reconcile/refunds-pass.ts';
import { runPass } from '../../jobs/reconcile/run-pass.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import type { AppContext } from '../../server/context/app-context.ts';

export type Work = 'settlement' | 'emails' | 'refunds' | 'disputes';

/** Makes changes wake no job of the context. The set names the jobs that have work since it was last cleared. */
export function collectWakeUps(ctx: AppContext): Set<Work> {
  const woken = new Set<Work>();
  const note = (work: Work) => async () => {
    woken.add(work);
  };
  ctx.jobs = {
    ...ctx.jobs,
    enqueueSettlement: note('settlement'),
    enqueueEmails: note('emails'),
    enqueueRefunds: note('refunds'),
    enqueueDisputes: note('disputes'),
    enqueueSweep: async () => undefined,
  };
  return woken;
}

/** Settles what is paid, and sends the emails of it at once, as a worker does. */
export async function settle(ctx: AppContext): Promise<void> {
  ctx.emailSender.start(ctx);
  await runSettlementOnce(ctx);
  await ctx.emailSender.stop();
}

const ALL: ReadonlySet<Work> = new Set<Work>(['emails', 'refunds', 'disputes']);

/** As wake-ups do, each kind of job beside the others. */
export async function runJobs(ctx: AppContext, which: ReadonlySet<Work> = ALL): Promise<void> {
  await Promise.all([
    which.has('disputes') ? runDisputesOnce(ctx) : undefined,
    which.has('refunds') ? runRefundsOnce(ctx) : undefined,
    which.has('emails') ? runEmailsOnce(ctx) : undefined,
  ]);
}

/** The short lists of Paystack, where those of a day suffice. */
export async function runPasses(ctx: AppContext): Promise<void> {
  await Promise.all([runDisputesPass(ctx), runPass(ctx, refundsPass(ctx), DUE), runPass(ctx, payoutsPass(ctx), DUE)]);
}

export async function runDisputesPass(ctx: AppContext): Promise<void> {
  await runPass(ctx, disputesPass(ctx), DUE);
}

const DUE = { force: false, isOver: () => false };
