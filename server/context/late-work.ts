/** Work for which no response waits. A stop waits for it. */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** At a random time, so that the next responses do not show it either. */
const BEGINS_AFTER_MS = { least: 50, most: 500 };

export class LateWork {
  readonly #open = new Set<Promise<void>>();

  /** Begins the work later, so that the response's time shows nothing of it. `work` must not reject. */
  begin(work: () => Promise<void>): void {
    this.follow(delay(randomInt(BEGINS_AFTER_MS.least, BEGINS_AFTER_MS.most)).then(work));
  }

  /** Of work that has begun. It must not reject. */
  follow(work: Promise<void>): void {
    this.#open.add(work);
    void work.finally(() => this.#open.delete(work));
  }

  /** Resolves when all that was begun so far has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#open);
  }
}
