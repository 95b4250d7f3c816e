/**
 * One call in flight per key, shared by all who wait, its answer reused for a while. A hundred redirects at once ask
 * Paystack once. A failure is shared by those who waited for it and is not reused.
 */
export class Coalescer<T> {
  readonly #calls = new Map<string, Promise<T>>();
  readonly #reuseMs: number;

  /** @param reuseMs how long an answer serves those who come after it, in ms. */
  constructor(reuseMs: number) {
    this.#reuseMs = reuseMs;
  }

  /** The answer for `key`: somebody's fresh one, or that of `call`. */
  run(key: string, call: () => Promise<T>): Promise<T> {
    const standing = this.#calls.get(key);
    if (standing) return standing;
    const running = call();
    this.#calls.set(key, running);
    const forget = () => {
      if (this.#calls.get(key) === running) this.#calls.delete(key);
    };
    running.then(() => setTimeout(forget, this.#reuseMs).unref(), forget);
    return running;
  }
}
