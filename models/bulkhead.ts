import { AppError } from './errors.ts';

/**
 * A bounded FIFO queue in front of work of which only a few may run at once. For transactions of one process that would
 * abort each other by write conflicts. Other processes still conflict with it, but never by the hundred.
 */
export class Bulkhead {
  readonly #queue: (() => void)[] = [];
  readonly #maxQueued: number;
  #free: number;

  /** At most `concurrency` (1 or more) run at once and at most `maxQueued` wait. */
  constructor(concurrency: number, maxQueued: number) {
    this.#free = concurrency;
    this.#maxQueued = maxQueued;
  }

  /**
   * Settles as the work does. Throws OVERLOADED, without running the work, if the queue is full or `deadline` (by
   * performance.now()) has passed when its turn comes.
   */
  async run<T>(work: () => Promise<T>, deadline: number): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#waitInQueue();
    try {
      if (performance.now() > deadline) throw overloaded();
      return await work();
    } finally {
      const next = this.#queue.shift();
      // Handed over without becoming free: a new caller must not overtake the queue.
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
