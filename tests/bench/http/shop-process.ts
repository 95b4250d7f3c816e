/**
 * The program under test as a process of its own, in the roles that it is given, so that its processor time can be told from
 * the benchmark's. Its configuration comes as its environment; tells its address, and stops when its parent lets go.
 */
import { readEnv, toConfig } from '../../../server/config/config.ts';
import { createLogger } from '../../../server/observability/logger.ts';
import { startServer } from '../../../server/process/start.ts';

const { BENCH_DB_NAME: dbName, BENCH_PAYSTACK_URL: paystackBaseUrl, BENCH_SENDGRID_URL: sendgridBaseUrl } = process.env;
if (!dbName || !paystackBaseUrl || !sendgridBaseUrl) throw new Error('This process is started by the benchmark only.');

const config = toConfig(readEnv());
// As in production: lines of JSON, and no thread that colours them.
const log = createLogger({ level: config.logLevel, pretty: false });
const shop = await startServer(config, { log, dbName, paystackBaseUrl, sendgridBaseUrl });
process.send?.({ url: shop.url ?? 'none' });
process.once('disconnect', async () => {
  await shop.stop();
  process.exit();
});
