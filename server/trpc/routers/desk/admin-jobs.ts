/** admin: the state of the jobs, and a sweep at once. */
import type { z } from 'zod';
import { readJobFailures, readJobStatus, readLastEnd, readRounds } from '../../../../jobs/agenda/job-status.ts';
import { jobsView, runSweepOutput } from '../../../../models/contract/desk/jobs.ts';
import type { Round } from '../../../../models/db/checkpoint-document.ts';
import { router, staffProcedure } from '../../trpc.ts';

export const adminJobsRouter = router({
  /** The last run of each kind, and the newest failures with their orders. */
  jobs: staffProcedure('jobs')
    .output(jobsView)
    .query(async ({ ctx: { app } }) => {
      const [jobs, rounds, failures] = await Promise.all([
        readJobStatus(app.db),
        readRounds(app.db),
        readJobFailures(app.db),
      ]);
      return {
        jobs: jobs.map(({ last, ...job }) => ({ ...job, last: toRun(last) })),
        rounds: rounds.map(({ name, last }) => ({ name, last: toRun(last) })),
        failures: failures.map(({ at, ...failure }) => ({ ...failure, at: at.toISOString() })),
      };
    }),

  /** A worker begins a sweep within a second. One that waits already takes the place of another. May be repeated. */
  runSweep: staffProcedure('jobs')
    .output(runSweepOutput)
    .mutation(async ({ ctx: { app } }) => {
      const last = await readLastEnd(app.db, 'sweep');
      await app.jobs.enqueueSweep();
      return { lastAt: last?.toISOString() ?? null };
    }),
});

function toRun(round: Round | null): z.input<typeof jobsView>['rounds'][number]['last'] {
  return round === null
    ? null
    : { at: round.endedAt.toISOString(), summary: round.outcome.slice(0, 300), failed: round.failed };
}
