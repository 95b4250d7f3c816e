import type { JobContext } from '../context.ts';

/**
 * Bounds how long one run of a job begins new work: true once `limitMs` have passed, or the process stops. A loop checks
 * it between two pieces of work; the next run or the sweep finds the rest.
 */
export function startTimeBudget({ stopping }: Pick<JobContext, 'stopping'>, limitMs: number): () => boolean {
  const endAt = performance.now() + limitMs;
  return () => stopping.signal.aborted || performance.now() >= endAt;
}
