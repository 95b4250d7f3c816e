/**
 * What went wrong in jobs, kept beside what they work on (an order, an email) after it has gone well, for the timeline that
 * staff read. Written by the update that counts the failure; what never failed has no list and costs nothing.
 */
import { Schema } from 'mongoose';

export interface JobFailure {
  job: 'processOrderPayment' | 'processRefunds' | 'sendEmails';
  error: string;
  /** When it failed so for the last time. */
  at: Date;
  /** How often in a row, 1 or more. */
  times: number;
}

/** The document stays small, whatever happens to it. */
export const KEPT_FAILURES = 20;

export const jobFailureSchema = new Schema<JobFailure>(
  {
    job: { type: String, required: true },
    error: { type: String, required: true },
    at: { type: Date, required: true },
    times: { type: Number, required: true },
  },
  { _id: false, strict: 'throw' },
);

/** The list with one failure more. The same again is counted, not listed, so that an outage does not push out the rest. Pure. */
export function withFailure(
  failures: readonly JobFailure[] | undefined,
  failure: Pick<JobFailure, 'job' | 'error'>,
  at: Date,
): JobFailure[] {
  const known = failures ?? [];
  const last = known.at(-1);
  const again = last?.job === failure.job && last.error === failure.error;
  const earlier = again ? known.slice(0, -1) : known;
  return [...earlier, { ...failure, at, times: again ? last.times + 1 : 1 }].slice(-KEPT_FAILURES);
}
