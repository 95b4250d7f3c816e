import { ipKeyGenerator } from 'express-rate-limit';
import type { Clock } from '../../jobs/ports.ts';
import { AppError } from '../../models/errors.ts';
import type { Config } from '../config/config.ts';
import { TokenBuckets } from './token-buckets.ts';

type CallSource = { ip: string } | { userId: string } | { reference: string };

export interface CallLimits {
  /**
   * Counts one call; throws RATE_LIMITED with retryAfterMs. By account where there is one, because a network may have many
   * shoppers; returns from a payment by its reference.
   */
  countCall(by: CallSource): void;
}

/**
 * Limits calls in this process's memory: with n web processes the true limit is up to n times as high. That is enough
 * against floods, and a shared count would cost each call a write.
 */
export function createCallLimits({ config, clock }: { config: Pick<Config, 'limits'>; clock: Clock }): CallLimits {
  const calls = new TokenBuckets(config.limits.callsPerMinute, clock);
  return {
    countCall(by) {
      const waitMs = calls.take(keyOf(by));
      if (waitMs > 0) throw rateLimited(waitMs);
    },
  };
}

function keyOf(by: CallSource): string {
  if ('ip' in by) return `ip:${networkOf(by.ip)}`;
  return 'userId' in by ? `user:${by.userId}` : `reference:${by.reference}`;
}

/** `what` is counted, as the beginning of a sentence. */
export function rateLimited(retryAfterMs: number, what = 'Too many requests'): AppError<'RATE_LIMITED'> {
  return new AppError('RATE_LIMITED', `${what}; try again ${waitText(retryAfterMs)}.`, { details: { retryAfterMs } });
}

function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 5) return 'in a moment';
  return seconds < 55 ? `in ${seconds} seconds` : 'in a minute';
}

/** An IPv6 customer owns a whole network, so its /56 counts as one address. */
export function networkOf(ip: string): string {
  return ipKeyGenerator(ip === '' ? '0.0.0.0' : ip, 56);
}
