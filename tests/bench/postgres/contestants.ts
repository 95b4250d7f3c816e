/** Postgres on both of its ways, as contestants: order by order under row locks, and batched the way we do it. */
import type { Pool } from 'pg';
import { type Contestant, WARM_UP_ORDERS } from '../contest.ts';
import { composeShop } from '../load.ts';
import { settleBatched } from './batched.ts';
import { settleByRowLocks } from './row-locks.ts';
import { openOwnSchema } from './schema.ts';
import type { PostgresGround } from './server.ts';
import { assertTablesSettled, fillTables, makeTables } from './tables.ts';

/** One job per order: a pool of workers, SELECT … FOR UPDATE on the order and its sorted variants. */
export function postgresRowLocks(ground: PostgresGround, ordersPerRound: number, workers: number): Contestant {
  return contestant(
    ground,
    `Postgres, row locks order by order (${workers} workers)`,
    ordersPerRound,
    workers,
    settleByRowLocks,
  );
}

/** The ceiling of such work: the same batches as ours, a statement for each kind of write. */
export function postgresBatched(ground: PostgresGround, ordersPerRound: number): Contestant {
  return contestant(ground, 'Postgres, batched as ours', ordersPerRound, 1, settleBatched);
}

function contestant(
  ground: PostgresGround,
  name: string,
  ordersPerRound: number,
  connections: number,
  settle: (pool: Pool, ids: readonly string[], connections: number) => Promise<void>,
): Contestant {
  return {
    name,
    ordersPerRound,
    async prepare(load) {
      const { pool, drop } = await openOwnSchema(ground.url, connections);
      const shop = composeShop(new Date());
      const fill = async () => {
        await makeTables(pool, shop);
        const warmUp = await fillTables(pool, shop, { ...load, orders: WARM_UP_ORDERS }, 0);
        await settle(pool, warmUp, connections);
        return fillTables(pool, shop, load, WARM_UP_ORDERS);
      };
      const ids = await fill().catch(async (error: unknown) => {
        await drop();
        throw error;
      });
      return {
        serverPids: ground.pids,
        settle: () => settle(pool, ids, connections),
        audit: () => assertTablesSettled(pool, WARM_UP_ORDERS + load.orders),
        discard: drop,
      };
    },
  };
}
