/** Production's entry: configuration → shop → signals. Everything from the environment, nothing that stands in. */
import { readEnv, toConfig } from './config/config.ts';
import { stopOnSignals } from './process/shutdown.ts';
import { startServer } from './process/start.ts';
import { describeStartFailure } from './process/start-failure.ts';

try {
  const shop = await startServer(toConfig(readEnv()));
  shop.ctx.log.info({ event: 'started' }, shop.url === null ? 'worker started' : `listening on ${shop.url}`);
  stopOnSignals(shop.ctx.log, shop.stop);
} catch (error) {
  console.error(describeStartFailure(error));
  process.exitCode = 1;
}
