/**
 * The run of the settlement's job that is alive in this process. Wake-ups reach it in memory, so a burst of payments costs
 * one job and one lease. They may be lost with the process: the sweep finds the orders in the documents.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { whenQuiet } from '../../models/db/batching/when-quiet.ts';
import type { WorkAnnouncements } from '../../models/settlement/drain-settlements.ts';

/** A run ends after this time without work. */
const LINGER_MS = 1_000;

export class LivingRun {
  readonly #deleteWaiting: () => Promise<void>;
  readonly #lingerMs: number;
  #isAlive = false;
  /** How often work was announced since the last read began. */
  #announced = 0;
  /** A wake-up waits in the database. It would absorb the later ones of other processes, which then reach no run. */
  #isStored = false;
  #wake: () => void = () => undefined;

  /** `deleteWaiting` deletes the wake-ups that wait in the database. */
  constructor(deleteWaiting: () => Promise<void>, lingerMs = LINGER_MS) {
    this.#deleteWaiting = deleteWaiting;
    this.#lingerMs = lingerMs;
  }

  /** Call it after the commit. False when no run is alive: the wake-up must be stored. */
  announce(): boolean {
    if (!this.#isAlive) return false;
    this.#announced += 1;
    this.#wake();
    return true;
  }

  /** Of a wake-up that another process has stored. */
  announceStored(): boolean {
    if (!this.#isAlive) return false;
    this.#isStored = true;
    return this.announce();
  }

  /**
   * Runs `work`, to which wake-ups are announced until it ends; one at a time, and another one runs without. `isWorkLeft`:
   * some came after its last read. The signal ends the waiting at once.
   */
  async run<T>(
    signal: AbortSignal,
    work: (announcements?: WorkAnnouncements) => Promise<T>,
  ): Promise<{ result: T; isWorkLeft: boolean }> {
    if (this.#isAlive) return { result: await work(), isWorkLeft: false };
    this.#isAlive = true;
    try {
      const result = await work({
        beforeRead: () => this.#beforeRead(),
        next: (earliest, gathers) => this.#next(earliest, gathers, signal),
      });
      return { result, isWorkLeft: this.#announced > 0 };
    } finally {
      this.#isAlive = false;
      this.#announced = 0;
      this.#isStored = false;
    }
  }

  async #beforeRead(): Promise<void> {
    this.#announced = 0;
    if (!this.#isStored) return;
    this.#isStored = false;
    await this.#deleteWaiting();
  }

  async #next(earliest: number, gathers: boolean, signal: AbortSignal): Promise<boolean> {
    if (this.#announced === 0) await this.#announcement(signal);
    if (this.#announced === 0 || signal.aborted) return false;
    const pauseMs = earliest - performance.now();
    if (pauseMs > 0) await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (gathers) await new Promise<void>((resolve) => whenQuiet(() => this.#announced, resolve));
    return !signal.aborted;
  }

  /** Resolves at the next announcement, after the linger, or with the signal. */
  #announcement(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(end, this.#lingerMs);
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
      if (signal.aborted) end();
    });
  }
}
