/**
 * `npm run search -- rebuild`: writes the search rows of orders and products from these alone. It may run beside the
 * shop, be killed and be repeated. Needed once after a release that finds orders or products by other words. Exits 0, or
 * 2 when it could not be done.
 */
import { rebuildProductSearch } from '../../models/catalogue/search/write-product-search.ts';
import { openDatabase } from '../../models/db/database.ts';
import { rebuildSearch } from '../../models/search/repair-search.ts';
import { readEnv } from '../config/config.ts';
import { toCommandConfig } from './command-config.ts';

const USAGE = 'usage: npm run search -- rebuild';
/** Between two lines of progress. */
const REPORT_EVERY = 50_000;

async function run(args: readonly string[]): Promise<void> {
  if (args.length !== 1 || args[0] !== 'rebuild') throw new Error(USAGE);
  const { mongodbUri } = toCommandConfig(readEnv(), ['MONGODB_URI']);
  const db = await openDatabase(mongodbUri, { appName: 'orders-search' });
  let reported = 0;
  try {
    const { checked, repaired } = await rebuildSearch(db, (counts) => {
      if (counts.checked - reported < REPORT_EVERY) return;
      reported = counts.checked;
      console.log(`${counts.checked} orders checked, ${counts.repaired} rows written so far.`);
    });
    console.log(`${checked} orders checked, ${repaired} rows written.`);
    console.log(`${await rebuildProductSearch(db)} products written.`);
  } finally {
    await db.connection.close();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
