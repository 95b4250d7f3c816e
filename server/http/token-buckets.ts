import { LRUCache } from 'lru-cache';
import type { Clock } from '../../jobs/ports.ts';

/** Under a flood of keys the longest unused bucket is dropped, so its key starts again with a full one. */
const MAX_BUCKETS = 50_000;
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by key: a burst of `perMinute`, refilled evenly over a minute. Kept in this process's memory. */
export class TokenBuckets {
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_BUCKETS });
  readonly #perMinute: number;
  readonly #clock: Clock;

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes one token and returns 0; if there is none, returns the ms until the next and takes nothing. */
  take(key: string): number {
    const bucket = this.#refilled(key);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / this.#perMinute);
    bucket.tokens -= 1;
    return 0;
  }

  #refilled(key: string): Bucket {
    const now = this.#clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perMinute, at: now };
    // A clock that was set back refills nothing and takes nothing away.
    const elapsedMs = Math.max(0, now - bucket.at);
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + (elapsedMs * this.#perMinute) / MINUTE_MS);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
