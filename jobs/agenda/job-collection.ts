import type { Database } from '../../models/db/database.ts';

export const JOBS_COLLECTION = 'agendaJobs';
/** Finished runs stay for Agendash this long; failed ones a day. */
const FINISHED_SECONDS = 15 * 60;
const FAILED_SECONDS = 24 * 3600;

export type JobName = 'processOrderPayment' | 'sendEmails' | 'processRefunds' | 'sweep' | 'reconcilePaystack';

/** TTL indexes for finished and failed runs. May be repeated; the sweep repeats it, as the collection may have been dropped. */
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
