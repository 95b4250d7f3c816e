/** Outputs of the page about jobs. */
import { z } from 'zod';
import { count, instant, objectId } from '../fields.ts';

/** A run that has ended. */
const run = z.strictObject({
  at: instant,
  /** In words; the error of a failed run. */
  summary: z.string(),
  failed: z.boolean(),
});

export const jobsView = z.strictObject({
  /** Woken by an event, by staff or by the sweep. */
  jobs: z.array(
    z.strictObject({
      name: z.string(),
      /** Of the runs that are still known: those of 15 minutes, failed ones of a day, 500 at most. */
      runs: count,
      failures: count,
      waiting: count,
      running: z.boolean(),
      last: run.nullable(),
    }),
  ),
  /** Each worker's timers begin these. */
  rounds: z.array(z.strictObject({ name: z.string(), last: run.nullable() })),
  /** The newest first, 50 at most: failed runs, and the orders that wait for staff because their work failed. */
  failures: z.array(
    z.strictObject({
      job: z.string(),
      at: instant,
      error: z.string(),
      /** How often in a row. */
      times: count,
      /** null for a run that was about no single order. */
      order: z.strictObject({ id: objectId, code: z.string() }).nullable(),
    }),
  ),
});

/** The end of the last sweep before, from which that of the next one differs. */
export const runSweepOutput = z.strictObject({ lastAt: instant.nullable() });
