/**
 * The one Agenda: definitions, enqueue, start, stop. Jobs only hurry work along that the documents already show, so
 * enqueueing never throws, losing a job costs time and nothing else, and nothing rests on Agenda's locks.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import { Types } from 'mongoose';
import { WRITE_W1 } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { AppContext, Trace } from '../../server/context/app-context.ts';
import type { Events } from '../../server/observability/events.ts';
import { runRefundsOnce } from '../process-refunds.ts';
import { runReconcileOnce } from '../reconcile.ts';
import { runEmailsOnce } from '../send-emails.ts';
import { runSettlementOnce, type SettlementWakeUp } from '../settle-orders.ts';
import { runSweepOnce } from '../sweep.ts';
import { startTimers } from './timers.ts';
import { WakeUpChannel } from './wake-up-channel.ts';

export const JOBS_COLLECTION = 'agendaJobs';
/** For the triggers that the channel missed, while its stream was broken or for good. */
const POLL_MS = 1_000;
const LOCK_MS = { processOrderPayment: 60_000, others: 180_000 };
/** Finished runs stay for Agendash this long; failed ones a day. */
const FINISHED_SECONDS = 15 * 60;
const FAILED_SECONDS = 24 * 3600;
/** Stopping waits for running jobs this long; each is bounded and safe to cut. */
const STOP_WAIT_MS = 15_000;
/** A lock that was being taken while we stopped has been taken by then. */
const LOCK_SETTLES_MS = 200;

export interface Jobs {
  /** Wakes the settlement; call it after the charge is committed. The trigger tells only whose it was. */
  enqueueSettlement(trigger: Omit<SettlementWakeUp, 'retry'>): Promise<void>;
  enqueueEmails(): Promise<void>;
  enqueueRefunds(): Promise<void>;
  /** Begins to run jobs and timers in this process. */
  start(ctx: AppContext): Promise<void>;
  /** Takes no new job, waits (bounded) for running ones, leaves no lock behind. May be repeated. */
  stop(): Promise<void>;
  /** For Agendash. */
  readonly agenda: Agenda;
}

/** What a job's document tells: why it was stored, and by which request. */
interface WakeUp extends SettlementWakeUp {
  requestId?: string;
}

type JobName = 'processOrderPayment' | 'sendEmails' | 'processRefunds' | 'sweep' | 'reconcilePaystack';

/** Connects Agenda to the database that is already open; runs nothing until start(). */
export async function createJobs(db: Database, events: Events, trace: Trace): Promise<Jobs> {
  const mongo = db.connection.db;
  if (!mongo) throw new Error('The database must be open before the jobs are.');
  await ensureJobIndexes(db);
  const name = `worker-${new Types.ObjectId()}`;
  const channel = new WakeUpChannel(db, {
    collection: JOBS_COLLECTION,
    ownName: name,
    onBreak: (err) => events.mongoError({ err, source: 'agenda' }),
  });
  const agenda = new Agenda({
    name,
    backend: new MongoBackend({ mongo, collection: JOBS_COLLECTION }),
    processEvery: POLL_MS,
    defaultConcurrency: 1,
    defaultLockLimit: 1,
    defaultLockLifetime: LOCK_MS.others,
    notificationChannel: channel,
  });
  agenda.on('error', (err) => events.mongoError({ err, source: 'agenda' }));
  // By the next turn Agenda counts the job as run; the trigger that came meanwhile was left waiting.
  agenda.on('complete', (job: Job) => setImmediate(() => channel.notify(job.attrs.name)));
  await agenda.ready;
  const enqueue = createEnqueue(agenda, events, trace);
  const running = new Set<Promise<void>>();
  let stopTimers: () => Promise<void> = async () => undefined;
  let started = false;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    const timersOver = stopTimers();
    const survived = (err: unknown) => events.mongoError({ err, source: 'agenda stop' });
    // Not drain(): it leaves locked jobs behind. Unlocked ones are found by another worker, or by our next start.
    const agendaOver = agenda.stop(false).catch(survived);
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled([timersOver, agendaOver, ...running]),
      delay(STOP_WAIT_MS, null, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    if (started) await releaseLocks(db, agenda).catch(survived);
  };
  return {
    agenda,
    enqueueSettlement: (trigger) => enqueue('processOrderPayment', trigger),
    enqueueEmails: () => enqueue('sendEmails', {}),
    enqueueRefunds: () => enqueue('processRefunds', {}),
    async start(ctx) {
      defineJobs(agenda, ctx, running);
      started = true;
      await agenda.start();
      stopTimers = startTimers(ctx);
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/**
 * Agenda's stop() leaves the locks of running jobs, and one that it was just about to take; whoever comes next would wait
 * for them to grow old. A job that was cut short is so run again, which every job bears.
 */
async function releaseLocks(db: Database, agenda: Agenda): Promise<void> {
  await delay(LOCK_SETTLES_MS);
  const ours = { lastModifiedBy: agenda.attrs.name, lockedAt: { $ne: null } };
  await db.connection.collection(JOBS_COLLECTION).updateMany(ours, { $set: { lockedAt: null } });
}

/**
 * A waiting trigger absorbs further ones, a running one never does: no wake-up is lost. Without a unique index, so a race
 * may store two; the second finds nothing to do. Within the process at most one call is under way and one waits per job.
 */
function createEnqueue(agenda: Agenda, events: Events, trace: Trace) {
  const store = async (name: JobName, data: SettlementWakeUp) => {
    try {
      const requestId = trace.current();
      const told = requestId === undefined ? data : { ...data, requestId };
      const job = agenda.create<WakeUp>(name, told).schedule(new Date(0));
      job.unique({ lockedAt: null, nextRunAt: { $ne: null } }, { insertOnly: true });
      await job.save();
    } catch (err) {
      events.mongoError({ err, source: `enqueue ${name}` });
    }
  };
  const underWay = new Map<JobName, Promise<void>>();
  const next = new Map<JobName, Promise<void>>();
  const begin = (name: JobName, data: SettlementWakeUp): Promise<void> => {
    const call = store(name, data).finally(() => underWay.delete(name));
    underWay.set(name, call);
    return call;
  };
  return (name: JobName, data: SettlementWakeUp): Promise<void> => {
    const before = underWay.get(name);
    if (!before) return begin(name, data);
    // A call that began before this one may have met a trigger that has started since; one more call serves all who wait.
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

/** Each job is a `run` around a tested runOnce: it reports its outcome for Agendash and asks for the next run if needed. */
function defineJobs(agenda: Agenda, ctx: AppContext, running: Set<Promise<void>>): void {
  const define = (
    name: JobName,
    lockLifetime: number,
    runOnce: (data: SettlementWakeUp) => Promise<{ outcome: string; again?: boolean }>,
  ) => {
    const run = async (job: Job<WakeUp>) => {
      const startedAt = performance.now();
      const { outcome, again } = await runOnce(job.attrs.data ?? {});
      ctx.events.jobRun({ job: name, outcome, durationMs: performance.now() - startedAt });
      await storeOutcome(ctx, job, outcome);
      if (again) await agendaEnqueue(name);
    };
    // One parameter: a handler with two would wait for a callback.
    agenda.define<WakeUp>(
      name,
      (job: Job<WakeUp>): Promise<void> => {
        const work = ctx.trace.run(job.attrs.data?.requestId, () => run(job));
        const call = work.finally(() => running.delete(call));
        running.add(call);
        return call;
      },
      { concurrency: 1, lockLimit: 1, lockLifetime },
    );
  };
  const agendaEnqueue = createEnqueueAgain(ctx);
  define('processOrderPayment', LOCK_MS.processOrderPayment, (data) => runSettlementOnce(ctx, data));
  define('sendEmails', LOCK_MS.others, () => runEmailsOnce(ctx));
  define('processRefunds', LOCK_MS.others, () => runRefundsOnce(ctx));
  define('sweep', LOCK_MS.others, () => runSweepOnce(ctx));
  define('reconcilePaystack', LOCK_MS.others, () => runReconcileOnce(ctx, { force: true }));
}

function createEnqueueAgain(ctx: AppContext) {
  return async (name: JobName): Promise<void> => {
    if (name === 'processOrderPayment') await ctx.jobs.enqueueSettlement({});
    if (name === 'sendEmails') await ctx.jobs.enqueueEmails();
    if (name === 'processRefunds') await ctx.jobs.enqueueRefunds();
  };
}

/** With the driver, into the job's own data: Agenda's save() inside a handler would lose the job. */
async function storeOutcome(ctx: AppContext, job: Job<WakeUp>, outcome: string): Promise<void> {
  const { _id } = job.attrs;
  if (_id === undefined) return;
  const jobs = ctx.db.connection.collection(JOBS_COLLECTION);
  const told = { $set: { 'data.outcome': outcome } };
  await jobs.updateOne({ _id: new Types.ObjectId(String(_id)) }, told, WRITE_W1);
}

/** Finished and failed runs go by themselves. May be repeated; the sweep repeats it, as the collection may have been dropped. */
export async function ensureJobIndexes(db: Database): Promise<void> {
  await db.connection.collection(JOBS_COLLECTION).createIndexes([
    {
      key: { lastFinishedAt: 1 },
      name: 'finished',
      expireAfterSeconds: FINISHED_SECONDS,
      partialFilterExpression: { failedAt: null, nextRunAt: null },
    },
    { key: { failedAt: 1 }, name: 'failed', expireAfterSeconds: FAILED_SECONDS },
  ]);
}
