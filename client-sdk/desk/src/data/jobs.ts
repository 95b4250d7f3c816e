import type { RouterOutputs } from '@orders-module/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';

export type JobsState = RouterOutputs['admin']['jobs'];
export type JobRun = NonNullable<JobsState['rounds'][number]['last']>;

export const jobsQuery = queryOptions({
  queryKey: ['staff', 'jobs'],
  queryFn: ({ signal }) => client.admin.jobs.query(undefined, { signal }),
  refetchInterval: 30_000,
});

/** In words; Agendash knows the jobs by their names. */
const JOB_WORDS: ReadonlyMap<string, string> = new Map([
  ['processOrderPayment', 'Confirm paid orders'],
  ['sendEmails', 'Send emails'],
  ['processRefunds', 'Give money back'],
  ['processDisputes', 'Answer disputes'],
  ['sweep', 'Sweep'],
  ['reconcilePaystack', 'Compare with Paystack'],
  ['settlement', 'Confirm paid orders that were missed'],
  ['audit', 'Prove the books'],
]);

export function jobWords(name: string): string {
  return JOB_WORDS.get(name) ?? name;
}

const ASK_EVERY_MS = 1_000;
/** A sweep may wait for Paystack. */
const PATIENCE_MS = 60_000;

const sweepOf = ({ jobs }: JobsState) => jobs.find(({ name }) => name === 'sweep');

/**
 * Requests a sweep and waits for its end. `onState` receives what is read meanwhile. Null when it has not ended in time: no
 * worker runs, or it has much to do.
 */
export async function runSweep(onState: (state: JobsState) => void): Promise<JobRun | null> {
  const { lastAt } = await client.admin.runSweep.mutate();
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const state = await client.admin.jobs.query();
    onState(state);
    const last = sweepOf(state)?.last ?? null;
    if (last !== null && last.at !== lastAt) return last;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return null;
}
