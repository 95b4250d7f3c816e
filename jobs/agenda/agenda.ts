/**
 * The process's Agenda. A job only hastens work that the documents already contain: a lost job costs time and nothing
 * else, and no guarantee depends on Agenda's locks.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda, type Job } from 'agenda';
import { Types } from 'mongoose';
import type { Database } from '../../models/db/database.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import type { EmailSender, JobContext, Trace, WakeUps } from '../context.ts';
import type { JobEvents } from '../events.ts';
import { defineJobs } from './define-jobs.ts';
import { deleteWaitingWakeUps, ensureJobIndexes, JOBS_COLLECTION } from './job-collection.ts';
import { LivingRun } from './living-run.ts';
import { startTimers } from './timers.ts';
import { WakeUpChannel } from './wake-up-channel.ts';
import { createWakeUps } from './wake-ups.ts';

/** Finds wake-ups that the channel missed while its change stream was broken. */
const POLL_MS = 1_000;
/** Longer than Agenda needs for a lock that it was acquiring when it was stopped. */
const LOCK_SETTLES_MS = 200;

export interface Jobs extends WakeUps {
  /** Begins to run jobs and timers in this process. */
  start(ctx: JobContext): Promise<void>;
  /** Takes no new job, waits (bounded) for running ones, leaves no lock behind. May be repeated. */
  stop(): Promise<void>;
  /** For Agendash. */
  readonly agenda: Agenda;
}

/** Connects Agenda to the database that is already open; runs nothing until start(). */
export async function createJobs(db: Database, events: JobEvents, trace: Trace): Promise<Jobs> {
  const mongo = db.connection.db;
  if (!mongo) throw new Error('The database must be open before the jobs are.');
  await ensureJobIndexes(db);
  const name = `worker-${new Types.ObjectId()}`;
  const settlement = new LivingRun(() => deleteWaitingWakeUps(db, 'processOrderPayment'));
  const channel = new WakeUpChannel(db, {
    collection: JOBS_COLLECTION,
    ownName: name,
    onStored: (jobName) => jobName === 'processOrderPayment' && settlement.announceStored(),
    onBreak: (err) => events.mongoError({ err, source: 'agenda' }),
  });
  const agenda = new Agenda({
    name,
    backend: new MongoBackend({ mongo, collection: JOBS_COLLECTION }),
    processEvery: POLL_MS,
    defaultConcurrency: 1,
    defaultLockLimit: 1,
    defaultLockLifetime: DEADLINES.jobLock,
    notificationChannel: channel,
  });
  agenda.on('error', (err) => events.mongoError({ err, source: 'agenda' }));
  // One tick later Agenda has counted the run as over and can lock the wake-up that was stored meanwhile.
  agenda.on('complete', (job: Job) => setImmediate(() => channel.notify(job.attrs.name)));
  await agenda.ready;
  const running = new Set<Promise<void>>();
  let stopTimers: () => Promise<void> = async () => undefined;
  let emailSender: EmailSender | undefined;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    const timersOver = stopTimers();
    const survived = (err: unknown) => events.mongoError({ err, source: 'agenda stop' });
    // Not drain(): it leaves locked jobs behind. Unlocked ones are run by another worker, or after the next start.
    const agendaOver = agenda.stop(false).catch(survived);
    const timeout = new AbortController();
    await Promise.race([
      Promise.allSettled([timersOver, agendaOver, ...running]).then(() => emailSender?.stop()),
      delay(DEADLINES.jobsStop, null, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    if (emailSender !== undefined) await releaseLocks(db, agenda).catch(survived);
  };
  return {
    agenda,
    ...createWakeUps(agenda, settlement, { events, trace }),
    async start(ctx) {
      defineJobs(agenda, ctx, { running, settlement });
      emailSender = ctx.emailSender;
      emailSender.start(ctx);
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
 * Agenda's stop() leaves the locks of running jobs, and one that it was about to take. Other workers would wait until they
 * expire. An interrupted job therefore runs again, which every job allows.
 */
async function releaseLocks(db: Database, agenda: Agenda): Promise<void> {
  await delay(LOCK_SETTLES_MS);
  const ours = { lastModifiedBy: agenda.attrs.name, lockedAt: { $ne: null } };
  await db.connection.collection(JOBS_COLLECTION).updateMany(ours, { $set: { lockedAt: null } });
}
