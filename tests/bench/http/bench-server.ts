/** The program in its own processes over a fresh, filled database, with the Paystack sandbox and the mailbox as providers. */
import { randomBytes } from 'node:crypto';
import { Types } from 'mongoose';
import { startMailbox } from '../../../dev/mailbox/mailbox.ts';
import { startPaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { Database } from '../../../models/db/database.ts';
import { createAuth } from '../../../server/auth/auth.ts';
import { toConfig } from '../../../server/config/config.ts';
import { systemClock } from '../../../server/context/system-ports.ts';
import { storeShop } from '../fill.ts';
import { composeShop, type Shop } from '../load.ts';
import type { MongoServer } from '../mongo-server.ts';
import { type Child, startChild } from './child.ts';
import { type SignedCharge, signCharge } from './signed-charge.ts';

export const PAYSTACK_KEY = `sk_test_${'b'.repeat(40)}`;
export const SENDGRID_KEY = 'SG.bench.key';
const JWT_SECRET = randomBytes(32).toString('hex');

export interface BenchServer {
  url: string;
  db: Database;
  catalogue: Shop;
  pids: number[];
  /** Of the first process, to start the bare routes with the same settings. */
  environment: Record<string, string>;
  /** Creates customers and their tokens, in `database` if it is given. */
  signUp(count: number, database?: Database): Promise<Shopper[]>;
  stop(): Promise<void>;
}

export interface Shopper {
  id: Types.ObjectId;
  email: string;
  token: string;
}

/** Starts one process for each element of `roles` (values of ROLES). The first one serves `url`. */
export async function startBenchServer(
  mongo: MongoServer,
  roles: readonly string[] = ['web,worker'],
): Promise<BenchServer> {
  const db = await mongo.openFresh();
  const catalogue = composeShop(new Date());
  await storeShop(db, catalogue, new Date());
  const [sandbox, mailbox] = await Promise.all([
    startPaystackSandbox({ secretKey: PAYSTACK_KEY }),
    startMailbox({ apiKey: SENDGRID_KEY }),
  ]);
  const [env, ...others] = roles.map((each) => environment(mongo.uri, each));
  if (env === undefined) throw new Error('A shop has at least one process.');
  const own = {
    BENCH_DB_NAME: db.connection.name,
    BENCH_PAYSTACK_URL: sandbox.url,
    BENCH_SENDGRID_URL: mailbox.url,
  };
  const start = (its: Record<string, string>) => startChild('./server-process.ts', import.meta.url, { ...its, ...own });
  const child = await start(env);
  const children: Child[] = [child, ...(await Promise.all(others.map(start)))];
  const auth = createAuth({ config: toConfig(env), db, clock: systemClock });
  return {
    url: child.url,
    pids: children.map(({ pid }) => pid),
    db,
    catalogue,
    environment: { ...env, ...own },
    signUp: (count, database = db) =>
      signUp(database, count, async (_id) => (await auth.issue({ _id, role: 'customer' })).token),
    async stop() {
      await Promise.all(children.map((one) => one.stop()));
      await Promise.all([sandbox.close(), mailbox.close()]);
      await mongo.discard(db);
    },
  };
}

/** Settings as in production, with limits so high that one benchmark client does not reach them. */
export function environment(mongodbUri: string, roles: string) {
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_PORT: '0',
    DRAIN_SECONDS: '0',
    ROLES: roles,
    MONGODB_URI: mongodbUri,
    PAYSTACK_SECRET_KEY: PAYSTACK_KEY,
    SENDGRID_API_KEY: SENDGRID_KEY,
    STOREFRONT_URL: 'http://storefront.example',
    JWT_SECRET,
    LOG_LEVEL: 'info',
    CALLS_PER_MINUTE: '1000000',
    MAX_IN_FLIGHT: '10000',
  };
}

async function signUp(db: Database, count: number, issue: (id: Types.ObjectId) => Promise<string>): Promise<Shopper[]> {
  const ids = Array.from({ length: count }, () => new Types.ObjectId());
  const users = ids.map((_id) => ({
    _id,
    email: `${_id}@example.com`,
    name: 'Ada Obi',
    role: 'customer' as const,
    createdAt: new Date(),
  }));
  await db.users.insertMany(users);
  return Promise.all(users.map(async ({ _id, email }) => ({ id: _id, email, token: await issue(_id) })));
}

/** {@link signCharge} with the key of the servers that {@link startBenchServer} starts. */
export function signedCharge(charge: { reference: string; amount: number }): SignedCharge {
  return signCharge(PAYSTACK_KEY, charge);
}
