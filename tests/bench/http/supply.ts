/** Test data that each call uses up, such as unpaid orders. Topped up before each measurement. */
export interface Supply<T> {
  /** Throws when the supply is empty; check `isLow` first. */
  take(): T;
  /** True when calls in progress may need the rest, so that the measurement has to end. */
  isLow(): boolean;
  /** Fills the supply up to its full size. */
  topUp(): Promise<void>;
}

/** More than the calls in progress at one time. */
const RESERVE = 100;

/** Holds at most `full` values; `make` creates as many as are missing. */
export function createSupply<T>(full: number, make: (count: number) => Promise<T[]>): Supply<T> {
  const waiting: T[] = [];
  return {
    take() {
      const next = waiting.pop();
      if (next === undefined) throw new Error('More was used than there was.');
      return next;
    },
    isLow: () => waiting.length <= RESERVE,
    async topUp() {
      if (waiting.length < full) waiting.push(...(await make(full - waiting.length)));
    },
  };
}

/** Cycles through the values without end. */
export function inTurns<T>(values: readonly T[]): () => T {
  let next = 0;
  return () => {
    const value = values[next % values.length];
    next += 1;
    if (value === undefined) throw new Error('There is nothing to take turns.');
    return value;
  };
}
