/**
 * Lets a few in at a time, the others waiting in line, first come first served. For transactions of one process that
 * would only make each other start over: rivals at other processes are still met, but never hundreds at once.
 * Nobody waits for what is of no use to him any more: who comes to a line that is too long, or whose turn comes too late,
 * is turned away and does nothing.
 */
import { AppError } from './errors.ts';

export class Bulkhead {
  readonly #queue: (() => void)[] = [];
  readonly #maxQueued: number;
  #free: number;

  /** @param width how many are inside at once, at least 1. @param longest how many may wait. */
  constructor(width: number, longest: number) {
    this.#free = width;
    this.#maxQueued = longest;
  }

  /**
   * Does the work when its turn has come. Settles as the work does; a failure lets the next one in as well. `giveUpAt`, by
   * performance.now(): a turn that comes later is not taken. Throws OVERLOADED, the work not begun.
   */
  async run<T>(work: () => Promise<T>, giveUpAt: number): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#waitInQueue();
    try {
      if (performance.now() > giveUpAt) throw overloaded();
      return await work();
    } finally {
      const next = this.#queue.shift();
      // The place goes straight to the next in line, so that nobody who comes now can slip in before.
      if (next) next();
      else this.#free += 1;
    }
  }

  #waitInQueue(): Promise<void> {
    if (this.#queue.length >= this.#maxQueued) throw overloaded();
    return new Promise((resolve) => this.#queue.push(resolve));
  }
}

function overloaded(): AppError<'OVERLOADED'> {
  const details = { retryAfterMs: 1_000 };
  return new AppError('OVERLOADED', 'Too many want this at once; try again in a moment.', { details });
}
