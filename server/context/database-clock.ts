import type { Connection } from 'mongoose';
import type { Clock } from '../../jobs/ports.ts';

/** Quartz drifts some 50 ppm: 3 ms a minute. */
const SYNC_EVERY_MS = 60_000;

export interface DatabaseClock extends Clock {
  stop(): void;
}

/**
 * The database server's clock, carried on by this machine's monotonic counter. Processes therefore agree on what is due,
 * although their machines' wall clocks differ by an hour or are set while they run. Reads the server's time now and every
 * minute; after a failed read the last offset stays in use.
 */
export async function createDatabaseClock(connection: Connection): Promise<DatabaseClock> {
  let offsetMs = await measureOffset(connection);
  const timer = setInterval(() => {
    measureOffset(connection).then(
      (measured) => {
        offsetMs = measured;
      },
      () => undefined,
    );
  }, SYNC_EVERY_MS).unref();
  return {
    now: () => new Date(Math.round(performance.now() + offsetMs)),
    stop: () => clearInterval(timer),
  };
}

/** Server time minus monotonic time, ms; the reply counts as half a round trip old. */
async function measureOffset(connection: Connection): Promise<number> {
  const before = performance.now();
  const hello = await connection.db?.admin().command({ hello: 1 });
  const after = performance.now();
  const localTime: unknown = hello?.localTime;
  if (!(localTime instanceof Date)) throw new Error('The database server gave no localTime.');
  return localTime.getTime() - (before + after) / 2;
}
