/**
 * Ours, as it runs: processOrderPayment's own runOnce with a worker's own context, whose log is written into nothing and
 * whose follow-up jobs are stored and not run. One call, as one trigger makes it, until nothing waits.
 */
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { toConfig } from '../../server/config/config.ts';
import { createContext, type OpenContext } from '../../server/context/create-context.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { type Contestant, WARM_UP_ORDERS } from './contest.ts';
import type { MongoGround } from './mongo-ground.ts';
import { openMongoStage } from './mongo-stage.ts';

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
    const { ended, ...counts } = await runSettlementOnce(ctx);
    if (ended === 'drained') return;
    if (ended === 'failed') throw new Error(`The settlement ended in trouble: ${JSON.stringify(counts)}`);
  }
}

export function batchesOfOurs(ground: MongoGround, ordersPerRound: number): Contestant {
  return {
    name: 'ours',
    ordersPerRound,
    async prepare(load) {
      const stage = await openMongoStage(ground);
      const worker = await openWorker(ground.uri, stage.db.connection.name);
      await stage.fill({ ...load, orders: WARM_UP_ORDERS });
      await drainAll(worker);
      await stage.fill(load);
      return {
        ...stage,
        settle: () => drainAll(worker),
        async discard() {
          await worker.close();
          await stage.discard();
        },
      };
    },
  };
}
