/**
 * The one retry policy towards Paystack: a few attempts within the call's own deadline, exponential back-off with full
 * jitter, Retry-After honoured as far as the deadline allows. Only for calls that are safe to repeat; the callers'
 * sweeps are the retry for everything longer. Called by service.ts.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError, isGatewayError } from '../../models/payment/gateway-reports.ts';

export interface RetryPolicy {
  /** How often a call is made in all, 1 or more. */
  attempts: number;
  /** The most that is waited before the second attempt; doubles with each further one. */
  baseMs: number;
  /** The most that is ever waited between two attempts by our own choice. */
  capMs: number;
}

/** Three attempts ride out a reset connection or a restarting proxy; a longer outage is for the sweep. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 3, baseMs: 250, capMs: 2_000 };

/** One attempt may use half of what is left, so that a reply which never comes leaves time for a second try. */
const ATTEMPT_SHARE = 0.5;

/**
 * How long to wait before the next attempt, or null to give up. `attempt` counts those made, from 1; `jitter` is from 0
 * up to 1. Retries what may pass by itself: unavailable and rate_limited. A malformed reply comes back the same.
 */
export function nextDelayMs(
  failure: { error: unknown; attempt: number; remainingMs: number; jitter: number },
  policy: RetryPolicy,
): number | null {
  const { error, attempt, remainingMs, jitter } = failure;
  if (attempt >= policy.attempts || !isGatewayError(error, 'unavailable', 'rate_limited')) return null;
  const backoffMs = jitter * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  // What Paystack asks for is the floor; jitter on top keeps workers that were refused together from returning together.
  const delayMs = (error.retryAfterMs ?? 0) + backoffMs;
  return delayMs < remainingMs ? delayMs : null;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or `deadlineMs` is used up; each run is given the milliseconds it
 * may take. Throws what the last attempt threw. With `policy` null there is one attempt with all the time.
 */
export async function withRetries<T>(
  attempt: (budgetMs: number) => Promise<T>,
  options: { deadlineMs: number; policy: RetryPolicy | null; jitter: () => number },
): Promise<T> {
  const { deadlineMs, policy, jitter } = options;
  const startedAt = performance.now();
  const remaining = () => deadlineMs - (performance.now() - startedAt);
  for (let made = 1; ; made += 1) {
    const isLast = policy === null || made >= policy.attempts;
    const budgetMs = remaining() * (isLast ? 1 : ATTEMPT_SHARE);
    try {
      return await attempt(budgetMs);
    } catch (error) {
      if (policy === null) throw error;
      const delayMs = nextDelayMs({ error, attempt: made, remainingMs: remaining(), jitter: jitter() }, policy);
      if (delayMs === null) throw error;
      await wait(delayMs);
    }
    if (remaining() <= 0) throw new GatewayError('unavailable', null, 'No time was left to ask Paystack again.');
  }
}
