import type { Agenda, Job } from 'agenda';
import { Types } from 'mongoose';
import { WRITE_W1 } from '../../models/db/read-write-concerns.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import type { WorkAnnouncements } from '../../models/settlement/drain-settlements.ts';
import type { JobContext, SettlementWakeUp } from '../context.ts';
import { runDisputesOnce } from '../disputes/process-disputes.ts';
import { runRefundsOnce } from '../process-refunds.ts';
import { runReconcileOnce } from '../reconcile/reconcile.ts';
import { runEmailsOnce } from '../send-emails.ts';
import { runSettlementOnce } from '../settle-orders.ts';
import { runSweepOnce } from '../sweep.ts';
import {
  describeDisputes,
  describeEmails,
  describeReconcile,
  describeRefunds,
  describeSettlement,
  describeSweep,
} from './describe-run.ts';
import { JOBS_COLLECTION, type JobName } from './job-collection.ts';
import type { LivingRun } from './living-run.ts';
import type { WakeUp } from './wake-ups.ts';

export interface Running {
  /** Jobs that run now. */
  running: Set<Promise<void>>;
  settlement: LivingRun;
}

/** Each job wraps a tested runOnce: it stores its outcome for Agendash and enqueues the next run if work is left. */
export function defineJobs(agenda: Agenda, ctx: JobContext, { running, settlement }: Running): void {
  const define = (
    name: JobName,
    lockLifetime: number,
    work: (data: SettlementWakeUp) => Promise<{ outcome: string; again?: boolean }>,
  ) => {
    const run = async (job: Job<WakeUp>) => {
      const startedAt = performance.now();
      const { outcome, again } = await work(job.attrs.data ?? {});
      ctx.events.jobRun({ job: name, outcome, durationMs: performance.now() - startedAt });
      await storeOutcome(ctx, job, outcome);
      if (again) await enqueueNext(ctx, name);
    };
    // One parameter: a handler with two would wait for a callback.
    agenda.define<WakeUp>(
      name,
      (job: Job<WakeUp>): Promise<void> => {
        const traced = ctx.trace.run(job.attrs.data?.requestId, () => run(job));
        const call = traced.finally(() => running.delete(call));
        running.add(call);
        return call;
      },
      { concurrency: 1, lockLimit: 1, lockLifetime },
    );
  };
  define('processOrderPayment', DEADLINES.settlementLock, async (data) => {
    const run = (announcements?: WorkAnnouncements) => runSettlementOnce(ctx, data, { announcements });
    const { result, isWorkLeft } = await settlement.run(ctx.stopping.signal, run);
    return { outcome: describeSettlement(result), again: result.again || isWorkLeft };
  });
  define('sendEmails', DEADLINES.jobLock, async () => {
    const result = await runEmailsOnce(ctx);
    return { outcome: describeEmails(result), again: result.again };
  });
  define('processRefunds', DEADLINES.jobLock, async () => {
    const result = await runRefundsOnce(ctx);
    return { outcome: describeRefunds(result), again: result.again };
  });
  define('processDisputes', DEADLINES.jobLock, async () => {
    const result = await runDisputesOnce(ctx);
    return { outcome: describeDisputes(result), again: result.again };
  });
  define('sweep', DEADLINES.sweepLock, async () => ({ outcome: describeSweep(await runSweepOnce(ctx)) }));
  define('reconcilePaystack', DEADLINES.jobLock, async () => ({
    outcome: describeReconcile(await runReconcileOnce(ctx, { force: true })),
  }));
}

async function enqueueNext({ jobs }: JobContext, name: JobName): Promise<void> {
  if (name === 'processOrderPayment') await jobs.enqueueSettlement({});
  if (name === 'sendEmails') await jobs.enqueueEmails();
  if (name === 'processRefunds') await jobs.enqueueRefunds();
  if (name === 'processDisputes') await jobs.enqueueDisputes();
}

/** With the driver, into the job's own data: Agenda's save() inside a handler would lose the job. */
async function storeOutcome(ctx: JobContext, job: Job<WakeUp>, outcome: string): Promise<void> {
  const { _id } = job.attrs;
  if (_id === undefined) return;
  const jobs = ctx.db.connection.collection(JOBS_COLLECTION);
  await jobs.updateOne({ _id: new Types.ObjectId(String(_id)) }, { $set: { 'data.outcome': outcome } }, WRITE_W1);
}
