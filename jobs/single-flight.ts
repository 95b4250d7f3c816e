/**
 * One call in flight per key, shared by all who wait, its answer reused for a while. A hundred redirects at once ask
 * Paystack once. Who has heard something new asks afresh, because an older question's answer would not know of it.
 * A failure is shared by those who waited for it and is not reused.
 */
export class Coalescer<T> {
  /** In flight, or answered a moment ago. */
  readonly #calls = new Map<string, { answer: Promise<T>; inFlight: boolean }>();
  /** Asked once the call in flight has ended. */
  readonly #next = new Map<string, Promise<T>>();
  readonly #reuseMs: number;

  /** @param reuseMs how long an answer serves those who come after it, in ms. */
  constructor(reuseMs: number) {
    this.#reuseMs = reuseMs;
  }

  /** The answer for `key`: somebody's fresh one, or that of `call`. */
  run(key: string, call: () => Promise<T>): Promise<T> {
    return this.#calls.get(key)?.answer ?? this.#begin(key, call);
  }

  /** The answer to a question that is asked after now; those who wait for one to begin share it. */
  runAfresh(key: string, call: () => Promise<T>): Promise<T> {
    const waiting = this.#next.get(key);
    if (waiting) return waiting;
    const standing = this.#calls.get(key);
    if (!standing?.inFlight) return this.#begin(key, call);
    const begin = () => {
      this.#next.delete(key);
      return this.#begin(key, call);
    };
    const next = standing.answer.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string, call: () => Promise<T>): Promise<T> {
    const begun = { answer: call(), inFlight: true };
    this.#calls.set(key, begun);
    const forget = () => {
      if (this.#calls.get(key) === begun) this.#calls.delete(key);
    };
    const answered = () => {
      begun.inFlight = false;
      setTimeout(forget, this.#reuseMs).unref();
    };
    begun.answer.then(answered, forget);
    return begun.answer;
  }
}
