/** Work that is due at a time of the sandbox's clock. A timer does it, or a move of the clock past that time. */

/** setTimeout runs at once when it is given more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Planned {
  due: number;
  /** Called with the time at which it was due. */
  work: (due: Date) => void;
  timer: NodeJS.Timeout;
}

export class DueWork {
  private readonly now: () => Date;
  private readonly planned = new Map<unknown, Planned>();

  constructor(now: () => Date) {
    this.now = now;
  }

  /** Replaces what is planned for the key, such as the record that the work changes. */
  at(key: unknown, due: number, work: (due: Date) => void): void {
    this.drop(key);
    const delayMs = Math.min(Math.max(0, due - this.now().getTime()), LONGEST_TIMER_MS);
    const timer = setTimeout(() => this.timerEnded(key), delayMs);
    this.planned.set(key, { due, work, timer });
  }

  drop(key: unknown): void {
    clearTimeout(this.planned.get(key)?.timer);
    this.planned.delete(key);
  }

  /** After a jump of the clock: does what has become due, in the order in which it was due, and sets the other timers anew. */
  clockMoved(): void {
    for (;;) {
      let first: [unknown, Planned] | null = null;
      for (const entry of this.planned) if (first === null || entry[1].due < first[1].due) first = entry;
      if (first === null || first[1].due > this.now().getTime()) break;
      this.run(...first);
    }
    for (const [key, { due, work }] of [...this.planned]) this.at(key, due, work);
  }

  close(): void {
    for (const key of [...this.planned.keys()]) this.drop(key);
  }

  private timerEnded(key: unknown): void {
    const planned = this.planned.get(key);
    if (planned === undefined) return;
    // A timer may end early: it counts real time, and at most 25 days of it.
    if (planned.due > this.now().getTime()) this.at(key, planned.due, planned.work);
    else this.run(key, planned);
  }

  private run(key: unknown, { due, work }: Planned): void {
    this.drop(key);
    work(new Date(due));
  }
}
