/** What calls use up, such as orders that nobody has paid yet: topped up before each measurement, counted as it goes. */
export interface Supply<T> {
  /** The next one. Throws when there is none; ask `isLow` before. */
  take(): T;
  /** True when what is under way may need the rest: time to end the measurement. */
  isLow(): boolean;
  /** Makes what is missing to a full supply. */
  topUp(): Promise<void>;
}

/** More than are under way at once. */
const RESERVE = 100;

/** `full` of them at most, made by `make` as many at a time as are missing. */
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

/** The same ones over and over. Never low. */
export function inTurns<T>(values: readonly T[]): () => T {
  let next = 0;
  return () => {
    const value = values[next % values.length];
    next += 1;
    if (value === undefined) throw new Error('There is nothing to take turns.');
    return value;
  };
}
