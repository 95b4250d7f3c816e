/** `npm run cluster`, with the program's variables. It prints each process id, so that processes can be killed or paused from another terminal. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../models/db/database.ts';
import { ConfigError, misspeltHints, readEnv } from '../../server/config/config.ts';
import { seedShop } from '../seed/seed.ts';
import { readDevelopmentSettings } from '../start/environment.ts';
import { StartError } from '../start/start-error.ts';
import { startCluster } from './cluster.ts';
import { toClusterVariables } from './variables.ts';

async function main(): Promise<void> {
  const logFolder = join(readDevelopmentSettings().dataFolder, 'cluster-logs');
  await mkdir(logFolder, { recursive: true });
  for (const hint of misspeltHints()) console.warn(hint);
  const cluster = await startCluster({ ...toClusterVariables(readEnv()), logFolder });
  const db = await openDatabase(cluster.settings.env.MONGODB_URI ?? '', { dbName: cluster.settings.dbName });
  await seedShop(db);
  await db.connection.close();
  const rows = [
    ['shop', cluster.url, ''],
    ['sandbox Paystack', cluster.sandbox.url, ''],
    ['mailbox', cluster.mailbox.url, ''],
    ...cluster.mongo.members.map(({ port, pid }, index) => [`mongod ${index}`, `127.0.0.1:${port}`, `pid ${pid}`]),
    ...cluster.roles().map(({ name, url, opsUrl, pid }) => [name, url ?? '', `pid ${pid}, health on ${opsUrl}`]),
    ['logs', logFolder, ''],
  ];
  for (const [what = '', where = '', process = ''] of rows)
    console.log(`${what.padEnd(18)}${where.padEnd(30)}${process}`);
  console.log('Ctrl-C stops all of it.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await cluster.stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof StartError || error instanceof ConfigError ? error.message : error);
    process.exit(1);
  },
);
