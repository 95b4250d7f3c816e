/**
 * How long one run of a job may begin new work. Every loop of a job asks between two pieces of work, so a run ends within
 * its limit plus one piece, and at once when the process stops; what is left is found by the next run or the sweep.
 */
import type { JobContext } from '../context.ts';

/** A function that is true once the run should begin nothing more: `limitMs` have passed, or the process stops. */
export function startTimeBudget({ stopping }: Pick<JobContext, 'stopping'>, limitMs: number): () => boolean {
  const endAt = performance.now() + limitMs;
  return () => stopping.signal.aborted || performance.now() >= endAt;
}
