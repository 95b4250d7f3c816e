import type { Clock } from '../../jobs/ports.ts';

/** A clock that stands where it was moved to, until it is let go: from then on it is the machine's. */
export class MovedClock implements Clock {
  #time: number | null = null;

  now(): Date {
    return new Date(this.#time ?? Date.now());
  }

  moveTo(time: number): void {
    this.#time = time;
  }

  letGo(): void {
    this.#time = null;
  }
}
