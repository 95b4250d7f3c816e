/** The entry point of production: all configuration comes from the environment, and nothing is replaced by a fake. */
import { misspeltHints, readEnv, toConfig } from './config/config.ts';
import { stopOnSignals } from './process/shutdown.ts';
import { startServer } from './process/start.ts';
import { describeStartFailure } from './process/start-failure.ts';

try {
  const server = await startServer(toConfig(readEnv()));
  server.ctx.log.info(
    { event: 'started' },
    server.url === null
      ? `worker started, health on ${server.opsUrl}`
      : `listening on ${server.url}, health on ${server.opsUrl}`,
  );
  for (const hint of misspeltHints()) server.ctx.log.warn(hint);
  stopOnSignals(server.ctx.log, server.stop);
} catch (error) {
  // A variable that is missing may only be misspelt.
  console.error([describeStartFailure(error), ...misspeltHints()].join('\n'));
  process.exitCode = 1;
}
