/**
 * Limits on how often somebody may call, kept in this process's memory: with n web processes the true limit is up to n
 * times as high, which is enough against floods and costs no shared store. Buckets are bounded in number; under a
 * flood of addresses the longest unused is forgotten, which can only be too kind.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Clock } from '../../jobs/ports.ts';
import { AppError } from '../../models/errors.ts';
import type { Config } from '../config/config.ts';

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

  /** Takes one token also when there is none, down to `perMinute` below zero: the debt says how much too often. */
  charge(key: string): void {
    const bucket = this.#refilled(key);
    bucket.tokens = Math.max(bucket.tokens - 1, -this.#perMinute);
  }

  /** Gives back a token that was taken or charged for nothing. */
  giveBack(key: string): void {
    const bucket = this.#refilled(key);
    bucket.tokens = Math.min(bucket.tokens + 1, this.#perMinute);
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

/** The limits of one process, at all of its doors together. */
export interface Limits {
  /** Counts one call; throws RATE_LIMITED with retryAfterMs. */
  countCall(by: { ip: string } | { userId: string }): void;
  /**
   * What `check` says of somebody's credentials; its null is a failure. Throws RATE_LIMITED, unchecked, when this address
   * has failed too often. An account that is being guessed at is answered later, and never refused, so that nobody can
   * lock its owner out. Each check counts as a failure until it has succeeded: guesses at once are no cheaper than one
   * after the other.
   */
  countSignIn<T>(who: Applicant, check: () => Promise<T | null>): Promise<T | null>;
  /** Counts one registration; resolves later for an email that is registered again and again. Throws RATE_LIMITED. */
  countRegistration(who: Applicant): Promise<void>;
}

/** Where somebody asks from, and for which account. */
interface Applicant {
  ip: string;
  email: string;
}

/** Each failure beyond the limit delays the account's next answers by so much more, up to the most. */
const DELAY_STEP_MS = 250;
const MAX_DELAY_MS = 2_500;

/** Made once a process, with the context. */
export function createLimits({ config, clock }: { config: Pick<Config, 'limits'>; clock: Clock }): Limits {
  const calls = new TokenBuckets(config.limits.callsPerMinute, clock);
  const failures = new TokenBuckets(config.limits.signInsPerMinute, clock);
  const registrations = new TokenBuckets(config.limits.signInsPerMinute, clock);
  return {
    countCall: (by) => refuseUnless(calls.take('ip' in by ? `ip:${networkOf(by.ip)}` : `user:${by.userId}`)),
    async countSignIn({ ip, email }, check) {
      const [address, account] = [`ip:${networkOf(ip)}`, `email:${email}`];
      refuseUnless(failures.take(address));
      let failed = false;
      try {
        await chargeSlowly(failures, account);
        const found = await check();
        failed = found === null;
        return found;
      } finally {
        if (!failed) for (const key of [address, account]) failures.giveBack(key);
      }
    },
    async countRegistration({ ip, email }) {
      refuseUnless(registrations.take(`ip:${networkOf(ip)}`));
      await chargeSlowly(registrations, `email:${email}`);
    },
  };
}

/** Takes the account's token whether there is one or not; resolves later the deeper in debt it was already. */
async function chargeSlowly(buckets: TokenBuckets, account: string): Promise<void> {
  const delayMs = Math.min(buckets.debt(account) * DELAY_STEP_MS, MAX_DELAY_MS);
  buckets.charge(account);
  if (delayMs > 0) await delay(delayMs);
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
