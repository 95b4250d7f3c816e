/**
 * Lets a few in at a time, the others waiting in line, first come first served. For transactions of one process that
 * would only make each other start over: rivals at other processes are still met, but never hundreds at once.
 */
export class Turnstile {
  readonly #line: (() => void)[] = [];
  #free: number;

  /** @param width how many are inside at once, at least 1. */
  constructor(width: number) {
    this.#free = width;
  }

  /** Does the work when its turn has come. Settles as the work does; a failure lets the next one in as well. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      // The place goes straight to the next in line, so that nobody who comes now can slip in before.
      if (next) next();
      else this.#free += 1;
    }
  }
}
