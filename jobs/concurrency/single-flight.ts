import type { Clock } from '../ports.ts';

/**
 * One call in flight per key, shared by all callers, its result reused for `ttlMs`: a hundred simultaneous redirects cause
 * one call to Paystack. A failure rejects every caller that waited for it and is not reused.
 */
export class SingleFlight<T> {
  readonly #inFlight = new Map<string, Promise<T>>();
  /** Results that may be reused, the oldest first. */
  readonly #answered = new Map<string, { answer: Promise<T>; at: number }>();
  /** Calls that begin once the call in flight has ended. */
  readonly #next = new Map<string, Promise<T>>();
  readonly #ttlMs: number;
  readonly #clock: Clock;

  /** @param ttlMs how long a result is reused, in ms of `clock`. */
  constructor(ttlMs: number, clock: Clock) {
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  /** A result for `key`: a fresh one, that of the call in flight, or that of `call`. */
  get(key: string, call: () => Promise<T>): Promise<T> {
    this.#dropExpired();
    const known = this.#answered.get(key);
    const reusable = known && this.#isFresh(known.at) ? known.answer : undefined;
    return this.#inFlight.get(key) ?? reusable ?? this.#begin(key, call);
  }

  /** The result of a call that begins after now, for callers whose news an earlier call may predate. */
  getFresh(key: string, call: () => Promise<T>): Promise<T> {
    this.#dropExpired();
    const waiting = this.#next.get(key);
    if (waiting) return waiting;
    const inFlight = this.#inFlight.get(key);
    if (!inFlight) return this.#begin(key, call);
    const begin = () => {
      this.#next.delete(key);
      return this.#begin(key, call);
    };
    const next = inFlight.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string, call: () => Promise<T>): Promise<T> {
    const answer = call();
    this.#inFlight.set(key, answer);
    this.#answered.delete(key);
    const end = (): boolean => this.#inFlight.get(key) === answer && this.#inFlight.delete(key);
    const answered = () => {
      if (end()) this.#answered.set(key, { answer, at: this.#clock.now().getTime() });
    };
    answer.then(answered, end);
    return answer;
  }

  /** Bounds the memory: each call drops the expired results at the front. */
  #dropExpired(): void {
    for (const [key, { at }] of this.#answered) {
      if (this.#isFresh(at)) return;
      this.#answered.delete(key);
    }
  }

  /** A result dated after now is not fresh: the clock was set back, and its age is unknown. */
  #isFresh(at: number): boolean {
    const ageMs = this.#clock.now().getTime() - at;
    return ageMs >= 0 && ageMs < this.#ttlMs;
  }
}
