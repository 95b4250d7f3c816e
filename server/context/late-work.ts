/** Work that begins after the response to its request, so that the response's time shows nothing of it. A stop waits for it. */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** At a random time, so that the next responses do not show it either. */
const BEGINS_AFTER_MS = { least: 50, most: 500 };

export class LateWork {
  readonly #open = new Set<Promise<void>>();

  /** `work` must not reject. */
  begin(work: () => Promise<void>): void {
    const done = delay(randomInt(BEGINS_AFTER_MS.least, BEGINS_AFTER_MS.most)).then(work);
    this.#open.add(done);
    void done.finally(() => this.#open.delete(done));
  }

  /** Resolves when all that was begun so far has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#open);
  }
}
