/**
 * `npm run migrate`: creates every collection, validator and index that this version needs, runs the migrations that have
 * not finished, and stores the version. Run it while the old program still runs, before the new one starts. It may be
 * stopped at any time and run again. Exits 0, or 2 when it could not be done.
 */
import { openDatabase } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { SCHEMA_VERSION } from '../../models/db/migrations/schema-version.ts';
import { checkReplicaSet } from '../../models/db/topology.ts';
import { readEnv } from '../config/config.ts';
import { toCommandConfig } from './command-config.ts';

/** Building an index over a large collection may take hours. */
const SOCKET_TIMEOUT_MS = 6 * 3600_000;

async function run(): Promise<void> {
  const { mongodbUri } = toCommandConfig(readEnv(), ['MONGODB_URI']);
  const db = await openDatabase(mongodbUri, { appName: 'orders-migrate', socketTimeoutMs: SOCKET_TIMEOUT_MS });
  try {
    await checkReplicaSet(db.connection);
    await migrate(db);
    console.log(`The database is ready: version ${SCHEMA_VERSION}.`);
  } finally {
    await db.connection.close();
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
