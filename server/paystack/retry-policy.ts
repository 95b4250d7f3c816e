/**
 * The one retry policy towards Paystack: a few attempts within the call's deadline, with exponential back-off and full
 * jitter. Retry-After is honoured as far as the deadline allows. The policy is only for calls that are safe to repeat.
 * The sweep repeats work after longer outages.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError, isGatewayError } from '../../models/payment/gateway-reports.ts';

export interface RetryPolicy {
  /** Attempts in all, 1 or more. */
  attempts: number;
  /** The longest delay before the second attempt; doubles with each further one. */
  baseMs: number;
  /** The longest delay between two attempts, without Retry-After. */
  capMs: number;
}

/** Three attempts outlast a reset connection or a restarting proxy; the sweep retries after a longer outage. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 3, baseMs: 250, capMs: 2_000 };

/** One attempt may use half of the remaining time, so that a lost reply leaves time for a second attempt. */
const ATTEMPT_SHARE = 0.5;

/**
 * The delay before the next attempt, or null to give up. `attempt` is the number of attempts made, from 1; `jitter` is
 * from 0 up to 1. Only `unavailable` and `rate_limited` are transient; a malformed reply would be the same again.
 */
export function nextDelayMs(
  failure: { error: unknown; attempt: number; remainingMs: number; jitter: number },
  policy: RetryPolicy,
): number | null {
  const { error, attempt, remainingMs, jitter } = failure;
  if (attempt >= policy.attempts || !isGatewayError(error, 'unavailable', 'rate_limited')) return null;
  const backoffMs = jitter * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  // Retry-After is the minimum. Jitter on top keeps workers that were refused together from returning together.
  const delayMs = (error.retryAfterMs ?? 0) + backoffMs;
  return delayMs < remainingMs ? delayMs : null;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or `deadlineMs` is used up. Each attempt receives its time budget in
 * milliseconds. Throws the last attempt's error. With `policy` null there is one attempt with the whole budget.
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
