/**
 * Ours, as it runs: processOrderPayment's own runOnce with a worker's own context, whose log is written into nothing and
 * whose follow-up jobs are stored and not run. One call, as one trigger makes it, until nothing waits.
 */
import { runSettlementOnce } from '../../jobs/process-order-payment.ts';
import { runAudit } from '../../models/audit.ts';
import type { Database } from '../../models/database.ts';
import { toConfig } from '../../server/config.ts';
import { createContext, type OpenContext } from '../../server/create-context.ts';
import { createLogger } from '../../server/logger.ts';
import type { Contestant, Round } from './contest.ts';
import { storePaidOrders, storeShop } from './fill.ts';
import { composeShop, type Load } from './load.ts';
import type { MongoGround } from './mongo-ground.ts';

/** A worker's context over a database that is ready. */
export async function openWorker(mongodbUri: string, dbName: string): Promise<OpenContext> {
  const config = toConfig({
    NODE_ENV: 'test',
    MONGODB_URI: mongodbUri,
    PAYSTACK_SECRET_KEY: `sk_test_${'0'.repeat(40)}`,
    SENDGRID_API_KEY: 'SG.bench.key',
  });
  const log = createLogger({ level: 'info', pretty: false }, { write: () => undefined });
  return createContext(config, { log, dbName });
}

/** Drains, run after run, as a worker's triggers would. */
export async function drainAll({ ctx }: OpenContext): Promise<void> {
  for (;;) {
    const { ended, outcome } = await runSettlementOnce(ctx);
    if (ended === 'drained') return;
    if (ended === 'trouble') throw new Error(`The settlement ended in trouble: ${outcome}`);
  }
}

export function batchesOfOurs(ground: MongoGround, ordersPerRound: number): Contestant {
  return {
    name: 'ours',
    ordersPerRound,
    async prepare(load) {
      const filled = await prepareMongoRound(ground, load);
      const worker = await openWorker(ground.uri, filled.db.connection.name);
      return {
        ...filled,
        settle: () => drainAll(worker),
        async discard() {
          await worker.close();
          await filled.discard();
        },
      };
    },
  };
}

/** A fresh database with the load in it, audited by our own books. */
export async function prepareMongoRound(
  ground: MongoGround,
  load: Load,
): Promise<Omit<Round, 'settle'> & { db: Database }> {
  const db = await ground.openFresh();
  const now = new Date();
  const shop = composeShop(now);
  await storeShop(db, shop, now);
  await storePaidOrders(db, shop, load, now);
  return {
    db,
    serverPids: ground.pids,
    audit: () => assertSettled(db, load.orders),
    discard: () => ground.discard(db),
  };
}

/** Every order confirmed, and nothing that the audit objects to. */
export async function assertSettled(db: Database, orders: number): Promise<void> {
  const confirmed = await db.orders.countDocuments({ status: 'confirmed' });
  if (confirmed !== orders) throw new Error(`${confirmed} of ${orders} orders were confirmed.`);
  const { clean, checks } = await runAudit(db, { now: new Date(), domain: 'test' });
  if (clean) return;
  const violated = checks.filter(({ violationCount }) => violationCount > 0);
  throw new Error(`The audit after a round found: ${JSON.stringify(violated, null, 2).slice(0, 2_000)}`);
}
