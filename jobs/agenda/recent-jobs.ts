/**
 * Agenda as Agendash sees it. Agenda itself reads every job for its overview and for a filter by state, and decodes them in
 * this process. Instead, this view reads the waiting and running jobs and the newest finished runs of each job, by index.
 */
import {
  type Agenda,
  computeJobState,
  type JobsOverview,
  type JobsQueryOptions,
  type JobsResult,
  toJobId,
} from 'agenda';
import type { mongo } from 'mongoose';
import type { Database } from '../../models/db/database.ts';
import { SingleFlight } from '../concurrency/single-flight.ts';
import type { Clock } from '../ports.ts';
import { JOBS_COLLECTION, KEPT_RUNS } from './job-collection.ts';

type ShownJob = JobsResult['jobs'][number];

/** Staff may create jobs of any name in Agendash. */
const MAX_NAMES = 50;

/** For createExpressMiddleware: all but the two readings is Agenda's own. */
export function withRecentJobs(agenda: Agenda, { db, clock }: { db: Database; clock: Clock }): Agenda {
  // A page requests the overview and its jobs together: both come from one reading.
  const readings = new SingleFlight<ShownJob[]>(0, clock);
  const read = () => readings.get('jobs', () => readRecentJobs(db, clock.now()));
  const getJobsOverview = async () => overviewOf(await read());
  const queryJobs = async (options: JobsQueryOptions = {}): Promise<JobsResult> =>
    options.id === undefined && options.ids === undefined ? select(await read(), options) : agenda.queryJobs(options);
  const view: Agenda = Object.create(agenda, {
    getJobsOverview: { value: getJobsOverview },
    queryJobs: { value: queryJobs },
  });
  return view;
}

/** At most three times KEPT_RUNS of each name, whatever the collection holds. */
export async function readRecentJobs(db: Database, now: Date): Promise<ShownJob[]> {
  const jobs = db.connection.collection(JOBS_COLLECTION);
  const names = (await jobs.distinct('name')).filter((name) => typeof name === 'string').slice(0, MAX_NAMES);
  const found = new Map<string, ShownJob>();
  for (const name of names) {
    const documents = await Promise.all(
      recentQueries(name).map(([filter, options]) => jobs.find(filter, options).toArray()),
    );
    for (const document of documents.flat()) {
      const shown = toShownJob(document, now);
      found.set(String(shown._id), shown);
    }
  }
  return [...found.values()];
}

const EPOCH = new Date(0);

/** The waiting jobs, those that never finished, and the newest finished runs. */
export function recentQueries(name: string): [filter: mongo.Filter<mongo.Document>, options: mongo.FindOptions][] {
  const limit = KEPT_RUNS;
  return [
    [{ name, nextRunAt: { $gte: EPOCH } }, { limit }],
    [{ name, lastFinishedAt: null }, { limit }],
    [
      { name, lastFinishedAt: { $gte: EPOCH } },
      { sort: { lastFinishedAt: -1 }, limit },
    ],
  ];
}

/** Agenda stores absent values as null, and its own reading leaves them out. */
function toShownJob(document: Record<string, unknown>, now: Date): ShownJob {
  const present = Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));
  const job = { ...present, _id: toJobId(String(document._id)) } as Omit<ShownJob, 'state'>;
  return { ...job, state: computeJobState(job, now) };
}

function overviewOf(jobs: readonly ShownJob[]): JobsOverview[] {
  const overviews = new Map<string, JobsOverview>();
  for (const { name, state, disabled } of jobs) {
    const overview = overviews.get(name) ?? { name, ...NONE };
    overview.total += 1;
    overview[state] += 1;
    if (disabled === true) overview.paused += 1;
    overviews.set(name, overview);
  }
  return [...overviews.values()];
}

const NONE = { total: 0, running: 0, scheduled: 0, queued: 0, completed: 0, failed: 0, repeating: 0, paused: 0 };

/** Newest first: by the next run, then by the last one. */
function select(jobs: readonly ShownJob[], { name, state, search, skip = 0, limit = 0 }: JobsQueryOptions): JobsResult {
  const words = search?.toLowerCase();
  const chosen = jobs.filter(
    (job) =>
      (name === undefined || job.name === name) &&
      (words === undefined || job.name.toLowerCase().includes(words)) &&
      (state === undefined || hasState(job, state)),
  );
  const sorted = chosen.sort(
    (a, b) => timeOf(b.nextRunAt) - timeOf(a.nextRunAt) || timeOf(b.lastRunAt) - timeOf(a.lastRunAt),
  );
  return { jobs: sorted.slice(skip, limit > 0 ? skip + limit : undefined), total: chosen.length };
}

function hasState(job: ShownJob, state: string): boolean {
  return state === 'paused' ? job.disabled === true : job.state === state;
}

function timeOf(at: Date | null | undefined): number {
  return at?.getTime() ?? -1;
}
