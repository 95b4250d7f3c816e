import type { Types } from 'mongoose';
import { MAX_SUBSCRIPTIONS_PER_USER } from '../../models/contract/limits.ts';
import { AppError } from '../../models/errors.ts';

/** The longest life of one subscription; the client then opens the next with a fresh token. */
export const MAX_WATCH_MS = 15 * 60_000;

/** Counts open subscriptions of this process per user, and holds how long each may last; tests shorten it. */
export class SubscriptionLimiter {
  readonly #open = new Map<string, number>();
  readonly lifetimeMs: number;

  constructor(lifetimeMs = MAX_WATCH_MS) {
    this.lifetimeMs = lifetimeMs;
  }

  /** Counts one more; returns the function that counts it off, to be called once. Throws RATE_LIMITED at five. */
  take(userId: Types.ObjectId): () => void {
    const key = String(userId);
    const open = this.#open.get(key) ?? 0;
    if (open >= MAX_SUBSCRIPTIONS_PER_USER) {
      throw new AppError(
        'RATE_LIMITED',
        `At most ${MAX_SUBSCRIPTIONS_PER_USER} orders can be watched at once; close one first.`,
        {
          details: { retryAfterMs: 5_000 },
        },
      );
    }
    this.#open.set(key, open + 1);
    return () => {
      const left = (this.#open.get(key) ?? 1) - 1;
      if (left > 0) this.#open.set(key, left);
      else this.#open.delete(key);
    };
  }
}
