/**
 * Failures of jobs, kept on the order or email also after a later success, for the timeline that staff read. The update
 * that counts the failure writes them; a document without failures has no list.
 */
import { Schema } from 'mongoose';

export interface JobFailure {
  job: 'processOrderPayment' | 'processRefunds' | 'processDisputes' | 'sendEmails' | 'sweep';
  error: string;
  /** The last of `times` equal failures in a row. */
  at: Date;
  /** 1 or more. */
  times: number;
}

/** Bounds the document's size. */
export const KEPT_FAILURES = 20;

/** The error as it is stored, bounded. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown error';
}

export const jobFailureSchema = new Schema<JobFailure>(
  {
    job: { type: String, required: true },
    error: { type: String, required: true },
    at: { type: Date, required: true },
    times: { type: Number, required: true },
  },
  { _id: false, strict: 'throw' },
);

/**
 * The list with the failure added. A repeat of the last one is counted, not listed, so that an outage keeps the older
 * ones. Pure.
 */
export function withFailure(
  failures: readonly JobFailure[] | undefined,
  failure: Pick<JobFailure, 'job' | 'error'>,
  at: Date,
): JobFailure[] {
  // A damaged document must not keep its own failure from being counted.
  const known = Array.isArray(failures) ? failures : [];
  const last = known.at(-1);
  const again = last?.job === failure.job && last.error === failure.error;
  const earlier = again ? known.slice(0, -1) : known;
  return [...earlier, { ...failure, at, times: again ? last.times + 1 : 1 }].slice(-KEPT_FAILURES);
}
