/** The fields of Agenda's documents that tests read. */
import { z } from 'zod';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import type { Database } from '../../models/db/database.ts';

const job = z.object({
  name: z.string(),
  lockedAt: z
    .date()
    .nullish()
    .transform((at) => at ?? null),
});

export type EnqueuedJob = z.infer<typeof job>;

export async function readJobs(db: Database): Promise<EnqueuedJob[]> {
  return job.array().parse(await db.connection.collection(JOBS_COLLECTION).find({}).toArray());
}
