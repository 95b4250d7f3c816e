import type { Pool } from 'pg';
import { type Contestant, WARM_UP_ORDERS } from '../contest.ts';
import { composeShop } from '../load.ts';
import { settleBatched } from './batched.ts';
import { settleByRowLocks } from './row-locks.ts';
import { openOwnSchema } from './schema.ts';
import type { PostgresServer } from './server.ts';
import { assertTablesSettled, fillTables, makeTables } from './tables.ts';

/** A pool of workers; each locks one order and its variants with SELECT … FOR UPDATE. */
export function postgresRowLocks(server: PostgresServer, ordersPerRound: number, workers: number): Contestant {
  return contestant(
    server,
    `Postgres, row locks order by order (${workers} workers)`,
    ordersPerRound,
    workers,
    settleByRowLocks,
  );
}

/** The upper bound for Postgres: the same batches as ours, with one statement per kind of write. */
export function postgresBatched(server: PostgresServer, ordersPerRound: number): Contestant {
  return contestant(server, 'Postgres, batched as ours', ordersPerRound, 1, settleBatched);
}

function contestant(
  server: PostgresServer,
  name: string,
  ordersPerRound: number,
  connections: number,
  settle: (pool: Pool, ids: readonly string[], connections: number) => Promise<void>,
): Contestant {
  return {
    name,
    ordersPerRound,
    async prepare(load) {
      const { pool, drop } = await openOwnSchema(server.url, connections);
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
        serverPids: server.pids,
        settle: () => settle(pool, ids, connections),
        audit: () => assertTablesSettled(pool, WARM_UP_ORDERS + load.orders),
        discard: drop,
      };
    },
  };
}
