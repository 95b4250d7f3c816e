import mongoose from 'mongoose';
import type { Logger } from 'pino';
import { isInfrastructure } from '../../models/db/mongo-errors.ts';

/** Longer than all waits of a graceful stop; an orchestrator kills after 30 s. */
const STOP_LIMIT_MS = 28_000;

/** Runs `stop` once, on SIGTERM, SIGINT or an unhandled error; a second signal exits at once. */
export function stopOnSignals(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const begin = (why: string, exitCode: number) => {
    if (stopping) process.exit(exitCode === 0 ? 130 : exitCode);
    stopping = true;
    log.info({ event: 'stopping', signal: why }, 'stopping');
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    stop().then(
      () => process.exit(exitCode),
      (err) => {
        log.error({ err }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => begin('SIGTERM', 0));
  process.on('SIGINT', () => begin('SIGINT', 0));
  process.on('unhandledRejection', (err) => {
    // During an election libraries leave rejections unhandled; the documents are safe, and the next round tries again.
    if (err instanceof mongoose.mongo.MongoError || isInfrastructure(err)) {
      log.error({ err, event: 'mongo_error', source: 'unhandled' }, 'the database failed');
      return;
    }
    log.fatal({ err }, 'a rejection that nobody handled');
    begin('unhandledRejection', 1);
  });
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'an exception that nobody caught');
    begin('uncaughtException', 1);
  });
}
