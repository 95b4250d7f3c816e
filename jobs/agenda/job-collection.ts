import type { Database } from '../../models/db/database.ts';
import { WRITE_W1 } from '../../models/db/read-write-concerns.ts';

export const JOBS_COLLECTION = 'agendaJobs';
/** Finished runs stay for Agendash this long; failed ones a day. */
const FINISHED_SECONDS = 15 * 60;
const FAILED_SECONDS = 24 * 3600;
/** The newest finished runs of each job that stay, failed ones among them. */
export const KEPT_RUNS = 500;
const DELETED_AT_ONCE = 1_000;
export const RUNS_INDEX = 'runs';

/** Agenda runs the jobs that a process defines, and leaves others to a process that knows them. */
export const JOB_NAMES = [
  'processOrderPayment',
  'sendEmails',
  'processRefunds',
  'processDisputes',
  'sweep',
  'reconcilePaystack',
] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** When a wake-up is due: at once, on every clock. */
export const WAKE_UP_AT = new Date(0);

/** Deletes the wake-ups of a job that no worker has begun. A job that staff created is no wake-up and stays. */
export async function deleteWaitingWakeUps(db: Database, name: JobName): Promise<void> {
  const isWaiting = { name, nextRunAt: WAKE_UP_AT, lockedAt: null };
  await db.connection.collection(JOBS_COLLECTION).deleteMany(isWaiting, WRITE_W1);
}

/** Due and future jobs that this program does not define. The server ends the read after `limitMs`. */
export function countUnknownJobs(db: Database, limitMs: number): Promise<number> {
  const isUnknown = { name: { $nin: [...JOB_NAMES] }, nextRunAt: { $ne: null } };
  return db.connection.collection(JOBS_COLLECTION).countDocuments(isUnknown, { maxTimeMS: limitMs });
}

/**
 * TTL indexes for finished and failed runs, and the one by which the newest runs of a job are read. May be repeated; the
 * sweep repeats it, as the collection may have been dropped.
 */
export async function ensureJobIndexes(db: Database): Promise<void> {
  await db.connection.collection(JOBS_COLLECTION).createIndexes([
    {
      key: { lastFinishedAt: 1 },
      name: 'finished',
      expireAfterSeconds: FINISHED_SECONDS,
      partialFilterExpression: { failedAt: null, nextRunAt: null },
    },
    { key: { failedAt: 1 }, name: 'failed', expireAfterSeconds: FAILED_SECONDS },
    { key: { name: 1, lastFinishedAt: -1 }, name: RUNS_INDEX },
  ]);
}

/**
 * Deletes all but the newest KEPT_RUNS finished runs of each job, in small commands, until none is left or `isOver()`. A run
 * that waits again or is locked stays. May be repeated and raced. Returns the number of runs that it deleted.
 */
export async function deleteOldRuns(db: Database, isOver: () => boolean): Promise<number> {
  const jobs = db.connection.collection(JOBS_COLLECTION);
  let deleted = 0;
  for (const name of await jobs.distinct('name')) {
    const [oldestKept] = await jobs
      .find(
        { name, lastFinishedAt: { $gte: new Date(0) } },
        {
          sort: { lastFinishedAt: -1 },
          skip: KEPT_RUNS,
          limit: 1,
          projection: { lastFinishedAt: 1 },
          hint: RUNS_INDEX,
        },
      )
      .toArray();
    if (oldestKept === undefined) continue;
    const isOld = { name, lastFinishedAt: { $lte: oldestKept.lastFinishedAt }, nextRunAt: null, lockedAt: null };
    while (!isOver()) {
      const old = await jobs
        .find(isOld, { projection: { _id: 1 }, limit: DELETED_AT_ONCE, hint: RUNS_INDEX })
        .toArray();
      if (old.length === 0) break;
      // The condition again: Agendash may have made one of them due meanwhile.
      const { deletedCount } = await jobs.deleteMany({ _id: { $in: old.map(({ _id }) => _id) }, nextRunAt: null });
      deleted += deletedCount;
    }
  }
  return deleted;
}
