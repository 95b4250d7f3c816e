/**
 * One side of `npm run bench -- --against REV`, compiled from the tree that is measured. The shop in a process, which also
 * fills its database, and signs up shoppers at its parent's messages. Stops when the IPC channel closes.
 */
import { Types } from 'mongoose';
import { openDatabase } from '../../../models/db/database.ts';
import { migrate } from '../../../models/db/migrations/migrate.ts';
import { createAuth } from '../../../server/auth/auth.ts';
import { readEnv, toConfig } from '../../../server/config/config.ts';
import { systemClock } from '../../../server/context/system-ports.ts';
import { createLogger } from '../../../server/observability/logger.ts';
import { startServer } from '../../../server/process/start.ts';
import { storeShop, storeUnpaidOrders } from '../fill.ts';
import { composeShop } from '../load.ts';
import { assertConsistent } from '../round-database.ts';

const { BENCH_DB_NAME: dbName, BENCH_PAYSTACK_URL: paystackBaseUrl, BENCH_SENDGRID_URL: sendgridBaseUrl } = process.env;
if (!dbName || !paystackBaseUrl || !sendgridBaseUrl) throw new Error('This process is started by the benchmark only.');

const config = toConfig(readEnv());
const catalogue = composeShop(new Date());
const db = await openDatabase(config.mongodbUri, { dbName, socketTimeoutMs: 120_000 });
if (process.env.BENCH_FILL === 'yes') {
  await migrate(db);
  await storeShop(db, catalogue, new Date());
}
const log = createLogger({ level: config.logLevel, pretty: false });
const shop = await startServer(config, { log, dbName, paystackBaseUrl, sendgridBaseUrl });
const auth = createAuth({ config, db, clock: systemClock });

async function signUp(count: number) {
  const ids = Array.from({ length: count }, () => new Types.ObjectId());
  const createdAt = new Date();
  const users = ids.map((_id) => ({
    _id,
    email: `${_id}@example.com`,
    name: 'Ada Obi',
    role: 'customer' as const,
    createdAt,
  }));
  await db.users.insertMany(users);
  return Promise.all(ids.map(async (_id) => (await auth.issue({ _id, role: 'customer' })).token));
}

async function storeUnpaid(count: number) {
  const orders = await storeUnpaidOrders(db, catalogue, count, new Date());
  return orders.map(({ _id, txRef, total }) => ({ id: String(_id), txRef, total }));
}

const ANSWERS: Record<string, (count: number) => Promise<unknown>> = {
  signUp,
  storeUnpaid,
  audit: async () => assertConsistent(db),
};

process.on('message', async ({ id, call, count }: { id: number; call: string; count: number }) => {
  try {
    process.send?.({ id, answer: (await ANSWERS[call]?.(count)) ?? null });
  } catch (error) {
    process.send?.({ id, failed: String(error) });
  }
});
process.once('disconnect', async () => {
  await shop.stop();
  await db.connection.close();
  process.exit();
});
process.send?.({ url: shop.url ?? 'none', variantIds: catalogue.variants.map(({ _id }) => String(_id)) });
