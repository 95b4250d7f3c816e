/**
 * A cluster with shoppers and stocked variants, for tests that stop processes or block the database during purchases.
 * Afterwards they compare the database with every acknowledged call.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Cluster, type ClusterOptions, startCluster } from '../../dev/cluster/cluster.ts';
import { createUser } from '../../models/accounts/create-user.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { toConfig } from '../../server/config/config.ts';
import { systemClock } from '../../server/context/system-ports.ts';
import { eventually } from './eventually.ts';
import { assertInvariants, type InvariantOptions } from './invariants.ts';
import type { LoadResult } from './load.ts';
import { stockVariant } from './stocked-variant.ts';

export interface ClusterShop extends Cluster {
  db: Database;
  tokens: string[];
  variantIds: string[];
  stop(): Promise<void>;
}

/** Enough stock that no test runs out: these tests are about processes. */
export async function openClusterShop(
  options: ClusterOptions,
  { shoppers = 4 }: { shoppers?: number } = {},
): Promise<ClusterShop> {
  const cluster = await startCluster({
    ...options,
    env: { CALLS_PER_MINUTE: '1000000', MAX_IN_FLIGHT: '10000', SWEEP_SECONDS: '1', ...options.env },
  });
  const db = await openDatabase(cluster.mongo.uri, { dbName: cluster.settings.dbName, appName: 'witness' });
  const variants = await Promise.all(Array.from({ length: 4 }, () => stockVariant(db, { stock: 100_000 })));
  const tokens = await Promise.all(Array.from({ length: shoppers }, (_, n) => signUp(db, cluster, n)));
  return {
    ...cluster,
    db,
    tokens,
    variantIds: variants.map(({ variantId }) => variantId),
    async stop() {
      await db.connection.close();
      await cluster.stop();
    },
  };
}

/** Tokens are signed with the cluster's secret, because password hashing takes time. */
async function signUp(db: Database, { settings }: Cluster, n: number): Promise<string> {
  const user = await createUser(db, { email: `load${n}@example.com`, name: 'Load' }, new Date());
  const { token } = await createAuth({ db, clock: systemClock, config: toConfig(settings.env) }).issue(user);
  return token;
}

/** Once the cluster is idle: every acknowledged order is in the database, and all invariants hold. */
export async function expectNothingLost(
  { db, sandbox, mailbox, url }: ClusterShop,
  { orders, paid }: LoadResult,
  options: InvariantOptions = {},
): Promise<void> {
  const missing = orders.length - (await db.orders.countDocuments({ _id: { $in: orders } }));
  if (missing > 0) throw new Error(`${missing} of ${orders.length} acknowledged orders are not in the database`);
  await eventually(
    'every paid order to be settled',
    async () => {
      const unsettled = await db.orders.find({ 'payments.reference': { $in: paid }, status: 'pending' }, { txRef: 1 });
      // The verify route settles orders whose browser was interrupted, as when a shopper reloads the page.
      for (const { txRef } of unsettled.slice(0, 20))
        await fetch(`${url}/orders/verify-payment/${txRef}`).catch(() => null);
      if (unsettled.length > 0) await delay(200);
      return unsettled.length === 0;
    },
    60_000,
  );
  await eventually(
    'every email to be sent',
    async () => (await db.emails.countDocuments({ state: 'queued' })) === 0,
    60_000,
  );
  await assertInvariants({ db, sandbox, mailbox }, { domain: 'test', graceMs: 60_000, ...options });
}
