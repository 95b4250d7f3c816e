/**
 * The clock of the program: the database server's, carried on by this machine's monotonic counter. Processes on machines
 * whose wall clocks are an hour apart, or are set while they run, so agree on what is due.
 */
import type { Connection } from 'mongoose';
import type { Clock } from '../../jobs/ports.ts';

/** Quartz drifts some 50 ppm: 3 ms a minute. */
const SYNC_EVERY_MS = 60_000;

export interface DatabaseClock extends Clock {
  stop(): void;
}

/** Asks the server for its time now and every minute; a question that fails leaves the last answer standing. */
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

/** Server time minus monotonic time, ms; the reply is taken to be as old as half the round trip. */
async function measureOffset(connection: Connection): Promise<number> {
  const before = performance.now();
  const hello = await connection.db?.admin().command({ hello: 1 });
  const after = performance.now();
  const localTime: unknown = hello?.localTime;
  if (!(localTime instanceof Date)) throw new Error('The database did not tell its time.');
  return localTime.getTime() - (before + after) / 2;
}
