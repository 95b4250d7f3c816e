/**
 * Limits on how often somebody may call, kept in this process's memory: with n web processes the true limit is up to n
 * times as high, which is enough against floods and costs no shared store. Buckets are bounded in number; under a
 * flood of addresses the longest unused is forgotten, which can only be too kind.
 */
import { ipKeyGenerator } from 'express-rate-limit';
import { AppError } from '../models/errors.ts';
import type { AppContext, Clock } from './context.ts';

const MAX_BUCKETS = 50_000;
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by key: `perMinute` at once, refilled evenly over a minute. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #perMinute: number;
  readonly #clock: Clock;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes one token. 0 when there was one; else how long to wait for the next, in ms, and nothing is taken. */
  take(key: string): number {
    const bucket = this.#refilled(key);
    if (bucket.tokens < 1) return this.#waitMs(bucket);
    bucket.tokens -= 1;
    return 0;
  }

  /** 0 when take() would succeed; else how long to wait, in ms. Takes nothing. */
  peek(key: string): number {
    const bucket = this.#refilled(key);
    return bucket.tokens < 1 ? this.#waitMs(bucket) : 0;
  }

  /** Takes one token also when there is none, down to `perMinute` below zero: the debt says how much too often. */
  charge(key: string): void {
    const bucket = this.#refilled(key);
    bucket.tokens = Math.max(bucket.tokens - 1, -this.#perMinute);
  }

  /** Whole tokens below zero; 0 for who keeps within the limit. */
  debt(key: string): number {
    return Math.max(0, Math.ceil(-this.#refilled(key).tokens));
  }

  #waitMs(bucket: Bucket): number {
    return Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / this.#perMinute);
  }

  /** The key's bucket as of now, moved to the end of the line of those to be forgotten. */
  #refilled(key: string): Bucket {
    const now = this.#clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perMinute, at: now };
    // A clock that was set back refills nothing, rather than taking away.
    const elapsedMs = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + (elapsedMs * this.#perMinute) / MINUTE_MS);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next();
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}

/** The limits of one web process. */
export interface Limits {
  /** Counts one call; throws RATE_LIMITED with retryAfterMs. */
  countCall(by: { ip: string } | { userId: string }): void;
  signIns: SignInLimits;
}

export interface SignInLimits {
  /**
   * Before a sign-in: throws RATE_LIMITED when this address has failed too often; else says how long to delay the
   * answer, in ms, for an account that is being guessed at. The account itself is never refused, so that nobody can
   * lock its owner out.
   */
  admit(ip: string, email: string): number;
  countFailure(ip: string, email: string): void;
  /** Counts one registration from this address; throws RATE_LIMITED. */
  countRegistration(ip: string): void;
}

/** Each failure beyond the limit delays the account's next answers by so much more, up to the most. */
const DELAY_STEP_MS = 250;
const MAX_DELAY_MS = 2_500;

export function createLimits({ config, clock }: Pick<AppContext, 'config' | 'clock'>): Limits {
  const calls = new TokenBuckets(config.limits.callsPerMinute, clock);
  const failures = new TokenBuckets(config.limits.signInsPerMinute, clock);
  const registrations = new TokenBuckets(config.limits.signInsPerMinute, clock);
  return {
    countCall: (by) => refuseUnless(calls.take('ip' in by ? `ip:${networkOf(by.ip)}` : `user:${by.userId}`)),
    signIns: {
      admit(ip, email) {
        refuseUnless(failures.peek(`ip:${networkOf(ip)}`));
        return Math.min(failures.debt(`email:${email}`) * DELAY_STEP_MS, MAX_DELAY_MS);
      },
      countFailure(ip, email) {
        failures.charge(`ip:${networkOf(ip)}`);
        failures.charge(`email:${email}`);
      },
      countRegistration: (ip) => refuseUnless(registrations.take(`ip:${networkOf(ip)}`)),
    },
  };
}

function refuseUnless(waitMs: number): void {
  if (waitMs === 0) return;
  throw new AppError('RATE_LIMITED', 'Too many requests; try again in a moment.', {
    details: { retryAfterMs: waitMs },
  });
}

/** An IPv6 customer owns a whole network, so its /56 counts as one address. */
function networkOf(ip: string): string {
  return ipKeyGenerator(ip === '' ? '0.0.0.0' : ip, 56);
}
