/** The state of the jobs for staff: what ran last, what waits, and what failed, with the orders that it failed on. */
import { type mongo, Types } from 'mongoose';
import { findRound } from '../../models/db/checkpoint.ts';
import type { Round } from '../../models/db/checkpoint-document.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import { searchOrders } from '../../models/order/queries/search-orders.ts';
import { JOB_NAMES, JOBS_COLLECTION, type JobName, KEPT_RUNS, RUNS_INDEX } from './job-collection.ts';
import { ROUNDS } from './timers.ts';

export interface JobStatus {
  name: JobName;
  runs: number;
  failures: number;
  waiting: number;
  running: boolean;
  last: Round | null;
}

export interface ShownFailure {
  job: string;
  at: Date;
  error: string;
  times: number;
  order: { id: string; code: string } | null;
}

const EPOCH = new Date(0);
const MAX_FAILURES = 50;
const MAX_WAITING = 100;

/** Of a document of Agenda's; absent values are null there. */
interface StoredRun {
  name: string;
  lastFinishedAt?: Date | null;
  failedAt?: Date | null;
  failReason?: string | null;
  lockedAt?: Date | null;
  data?: { outcome?: string; orderId?: string } | null;
}

export async function readJobStatus(db: Database): Promise<JobStatus[]> {
  return Promise.all(JOB_NAMES.map((name) => readOne(db, name)));
}

async function readOne(db: Database, name: JobName): Promise<JobStatus> {
  const jobs = db.connection.collection<StoredRun>(JOBS_COLLECTION);
  const finished = { name, lastFinishedAt: { $gte: EPOCH } };
  const [last, runs, failures, waiting, running] = await Promise.all([
    jobs.findOne(finished, { sort: { lastFinishedAt: -1 }, hint: RUNS_INDEX }),
    jobs.countDocuments(finished, { limit: KEPT_RUNS, hint: RUNS_INDEX }),
    jobs.countDocuments({ name, failedAt: { $gte: EPOCH } } as mongo.Filter<StoredRun>, { limit: KEPT_RUNS }),
    jobs.countDocuments({ name, nextRunAt: { $gte: EPOCH }, lockedAt: null } as mongo.Filter<StoredRun>, {
      limit: MAX_WAITING,
    }),
    jobs.findOne({ name, lockedAt: { $gte: EPOCH } }, { projection: { _id: 1 } }),
  ]);
  return { name, runs, failures, waiting, running: running !== null, last: last ? toRun(last) : null };
}

/** Of the last run that has ended; null if none is known. */
export async function readLastEnd(db: Database, name: JobName): Promise<Date | null> {
  return (await readOne(db, name)).last?.endedAt ?? null;
}

function toRun(stored: StoredRun): Round {
  const { lastFinishedAt, failedAt, failReason, data } = stored;
  const endedAt = lastFinishedAt ?? EPOCH;
  const failed = failedAt instanceof Date && failedAt >= endedAt;
  return { endedAt, failed, outcome: (failed ? failReason : data?.outcome) ?? 'ended' };
}

export async function readRounds(db: Database): Promise<{ name: string; last: Round | null }[]> {
  return Promise.all(ROUNDS.map(async (name) => ({ name, last: await findRound(db, name) })));
}

/** The newest first. */
export async function readJobFailures(db: Database): Promise<ShownFailure[]> {
  const [runs, orders] = await Promise.all([failedRuns(db), failedOrders(db)]);
  return [...runs, ...orders].sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, MAX_FAILURES);
}

async function failedRuns(db: Database): Promise<ShownFailure[]> {
  const runs = await db.connection
    .collection<StoredRun>(JOBS_COLLECTION)
    .find({ failedAt: { $gte: EPOCH } }, { sort: { failedAt: -1 }, limit: MAX_FAILURES, hint: 'failed' })
    .toArray();
  const ids = runs.flatMap(({ data }) => (Types.ObjectId.isValid(data?.orderId ?? '') ? [data?.orderId ?? ''] : []));
  const codes = await codesOf(db, ids);
  return runs.map(({ name, failedAt, failReason, data }) => {
    const code = codes.get(data?.orderId ?? '');
    const order = code === undefined ? null : { id: data?.orderId ?? '', code };
    return { job: name, at: failedAt ?? EPOCH, error: failReason ?? 'unknown error', times: 1, order };
  });
}

async function codesOf(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const orders = await driverCollection(db.orders)
    .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) } }, { projection: { code: 1 } })
    .toArray();
  return new Map(orders.map(({ _id, code }) => [String(_id), code]));
}

/** Work on one order that failed eight times waits for staff; its last failure stands on the order. */
async function failedOrders(db: Database): Promise<ShownFailure[]> {
  const lists = await Promise.all(
    (['parked', 'stuck'] as const).map((attention) => searchOrders(db, { attention, limit: MAX_FAILURES })),
  );
  const ids = lists.flatMap(({ items }) => items.map(({ _id }) => _id));
  const orders = await driverCollection(db.orders)
    .find<Pick<Order, '_id' | 'code' | 'failures'>>(
      { _id: { $in: ids } },
      { projection: { code: 1, failures: { $slice: -1 } } },
    )
    .toArray();
  return orders.flatMap(({ _id, code, failures = [] }) =>
    failures.map(({ job, at, error, times }) => ({ job, at, error, times, order: { id: String(_id), code } })),
  );
}
