/** How the wait between attempts grows. */
export interface BackOff {
  firstMs: number;
  factor: number;
  longestMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A provider's outage may last hours, and a late email is better than none. */
export const EMAIL_BACK_OFF: BackOff = { firstMs: 10 * SECOND_MS, factor: 3, longestMs: 5 * HOUR_MS };
export const REFUND_BACK_OFF: BackOff = { firstMs: 30 * SECOND_MS, factor: 2, longestMs: HOUR_MS };
export const WEBHOOK_BACK_OFF: BackOff = { firstMs: 10 * SECOND_MS, factor: 2, longestMs: HOUR_MS };
export const VERIFY_BACK_OFF: BackOff = { firstMs: MINUTE_MS, factor: 2, longestMs: HOUR_MS };
/** Short, because the order is paid and its stock may go to others. */
export const SETTLEMENT_BACK_OFF: BackOff = { firstMs: SECOND_MS, factor: 2, longestMs: 5 * MINUTE_MS };

/** The wait after a failure that `earlierFailures` (0 or more) came before. */
export function backOffMs({ firstMs, factor, longestMs }: BackOff, earlierFailures: number): number {
  return Math.min(firstMs * factor ** earlierFailures, longestMs);
}

/** Sendings of one email: 23 h in all, then it is parked for staff. */
export const MAX_EMAIL_ATTEMPTS = 12;
/** Failures of one document in a work loop, by its own fault, before the loop parks it for staff. */
export const MAX_OWN_FAILURES = 8;
/** Definite refusals of one refund before it needs attention. */
export const MAX_REFUND_REFUSALS = 8;
