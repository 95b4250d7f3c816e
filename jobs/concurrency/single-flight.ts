/**
 * One call in flight per key, shared by all who wait, its answer reused for a while. A hundred redirects at once ask
 * Paystack once. Who has heard something new asks afresh, because an older question's answer would not know of it.
 * A failure is shared by those who waited for it and is not reused.
 */
import type { Clock } from '../ports.ts';

export class SingleFlight<T> {
  readonly #inFlight = new Map<string, Promise<T>>();
  /** Answers that may be reused, the oldest first. */
  readonly #answered = new Map<string, { answer: Promise<T>; at: number }>();
  /** Asked once the call in flight has ended. */
  readonly #next = new Map<string, Promise<T>>();
  readonly #ttlMs: number;
  readonly #clock: Clock;

  /** @param ttlMs how long an answer serves those who come after it, in ms of `clock`. */
  constructor(ttlMs: number, clock: Clock) {
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  /** The answer for `key`: somebody's fresh one, or that of `call`. */
  get(key: string, call: () => Promise<T>): Promise<T> {
    this.#forgetOld();
    const known = this.#answered.get(key);
    const reusable = known && this.#isFresh(known.at) ? known.answer : undefined;
    return this.#inFlight.get(key) ?? reusable ?? this.#begin(key, call);
  }

  /** The answer to a question that is asked after now; those who wait for one to begin share it. */
  getFresh(key: string, call: () => Promise<T>): Promise<T> {
    this.#forgetOld();
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

  /** Bounds the memory: each call drops the answers at the front that have had their time. */
  #forgetOld(): void {
    for (const [key, { at }] of this.#answered) {
      if (this.#isFresh(at)) return;
      this.#answered.delete(key);
    }
  }

  /** An answer that is dated after now is not fresh: the clock was set back, and the answer's age is unknown. */
  #isFresh(at: number): boolean {
    const ageMs = this.#clock.now().getTime() - at;
    return ageMs >= 0 && ageMs < this.#ttlMs;
  }
}
