/**
 * Our settlement as a worker runs it: `runSettlementOnce` with a worker's context, repeated until the queue is empty. The
 * log is formatted and discarded. Follow-up jobs are stored, but no Agenda runs them.
 */
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { toConfig } from '../../server/config/config.ts';
import { createContext, type OpenContext } from '../../server/context/create-context.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { type Contestant, WARM_UP_ORDERS } from './contest.ts';
import type { MongoServer } from './mongo-server.ts';
import { openRoundDatabase } from './round-database.ts';

/** The database must be migrated. */
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

export async function drainAll({ ctx }: OpenContext): Promise<void> {
  for (;;) {
    const { ended, ...counts } = await runSettlementOnce(ctx);
    if (ended === 'drained') return;
    if (ended === 'failed') throw new Error(`The settlement failed: ${JSON.stringify(counts)}`);
  }
}

export function batchesOfOurs(server: MongoServer, ordersPerRound: number): Contestant {
  return {
    name: 'ours',
    ordersPerRound,
    async prepare(load) {
      const round = await openRoundDatabase(server);
      const worker = await openWorker(server.uri, round.db.connection.name);
      await round.fill({ ...load, orders: WARM_UP_ORDERS });
      await drainAll(worker);
      await round.fill(load);
      return {
        ...round,
        settle: () => drainAll(worker),
        async discard() {
          await worker.close();
          await round.discard();
        },
      };
    },
  };
}
