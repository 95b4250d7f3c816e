/** Stores wake-ups: jobs that are due at once (WAKE_UP_AT). A lost one costs only time, because the sweep finds the work in the documents. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Agenda } from 'agenda';
import type { JobContext, SettlementWakeUp, WakeUps } from '../context.ts';
import { type JobName, WAKE_UP_AT } from './job-collection.ts';
import type { LivingRun } from './living-run.ts';

/** A job's data: the payment that caused it, and the request that stored it. */
export interface WakeUp extends SettlementWakeUp {
  requestId?: string;
}

type Sources = Pick<JobContext, 'events' | 'trace'>;

/** Between two stored wake-ups of a job, ms: a worker in another process then takes the payments of a burst in a few batches. */
const SPACING_MS = 50;

/** A settlement run that is alive in this process gets its wake-ups in memory instead. */
export function createWakeUps(agenda: Agenda, settlement: LivingRun, sources: Sources): WakeUps {
  const enqueue = createEnqueue(agenda, sources);
  return {
    async enqueueSettlement(wakeUp) {
      if (!settlement.announce()) await enqueue('processOrderPayment', wakeUp);
    },
    enqueueEmails: () => enqueue('sendEmails', {}),
    enqueueRefunds: () => enqueue('processRefunds', {}),
    enqueueDisputes: () => enqueue('processDisputes', {}),
    enqueueSweep: () => enqueue('sweep', {}),
  };
}

/**
 * A waiting wake-up absorbs further ones, a running one never does: no wake-up is lost. Without a unique index, so a race
 * may store two; the second finds nothing to do. Within the process one call per job is stored each SPACING_MS, and one waits.
 */
function createEnqueue(agenda: Agenda, { events, trace }: Sources) {
  const store = async (name: JobName, data: SettlementWakeUp) => {
    try {
      const requestId = trace.current();
      const withRequest = requestId === undefined ? data : { ...data, requestId };
      const job = agenda.create<WakeUp>(name, withRequest).schedule(WAKE_UP_AT);
      job.unique({ lockedAt: null, nextRunAt: { $ne: null } }, { insertOnly: true });
      await job.save();
    } catch (err) {
      events.mongoError({ err, source: `enqueue ${name}` });
    }
  };
  const underWay = new Map<JobName, Promise<void>>();
  const next = new Map<JobName, Promise<void>>();
  const begin = (name: JobName, data: SettlementWakeUp): Promise<void> => {
    const call = store(name, data);
    const over = Promise.all([call, delay(SPACING_MS, undefined, { ref: false })]).then(() => {
      underWay.delete(name);
    });
    underWay.set(name, over);
    return call;
  };
  return (name: JobName, data: SettlementWakeUp): Promise<void> => {
    const before = underWay.get(name);
    if (!before) return begin(name, data);
    // The call before may have been absorbed by a wake-up whose run has begun since; all later callers share one more.
    const waiting = next.get(name);
    if (waiting) return waiting;
    const later = before.then(() => {
      next.delete(name);
      return begin(name, data);
    });
    next.set(name, later);
    return later;
  };
}
