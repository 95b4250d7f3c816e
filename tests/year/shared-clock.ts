/** A clock that stands still until advanced, and that several threads read. */
import type { Clock } from '../../jobs/ports.ts';

export class SharedClock implements Clock {
  /** Pass it to another thread, and make a clock of it there. */
  readonly memory: SharedArrayBuffer;
  readonly #milliseconds: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#milliseconds = new BigInt64Array(memory);
  }

  static startingAt(start: Date): SharedClock {
    const clock = new SharedClock();
    clock.advance(start.getTime());
    return clock;
  }

  now(): Date {
    return new Date(Number(Atomics.load(this.#milliseconds, 0)));
  }

  advance(ms: number): void {
    Atomics.add(this.#milliseconds, 0, BigInt(ms));
  }
}
