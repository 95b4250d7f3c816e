/**
 * The program under test in a separate process, so that its processor time is measured apart from the benchmark's. The
 * environment configures it. It sends its URL to the parent and stops when the IPC channel closes.
 */
import { readEnv, toConfig } from '../../../server/config/config.ts';
import { createLogger } from '../../../server/observability/logger.ts';
import { startServer } from '../../../server/process/start.ts';

const { BENCH_DB_NAME: dbName, BENCH_PAYSTACK_URL: paystackBaseUrl, BENCH_SENDGRID_URL: sendgridBaseUrl } = process.env;
if (!dbName || !paystackBaseUrl || !sendgridBaseUrl) throw new Error('This process is started by the benchmark only.');

const config = toConfig(readEnv());
// JSON lines as in production; pino-pretty would run in a thread of its own.
const log = createLogger({ level: config.logLevel, pretty: false });
const shop = await startServer(config, { log, dbName, paystackBaseUrl, sendgridBaseUrl });
process.send?.({ url: shop.url ?? 'none' });
process.once('disconnect', async () => {
  await shop.stop();
  process.exit();
});
