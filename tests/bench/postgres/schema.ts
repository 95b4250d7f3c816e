/**
 * A separate schema per contestant. BENCH_POSTGRES_URL may name a database that already has a table `orders`, which the
 * benchmark must not touch.
 */
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';

export interface OwnSchema {
  /** Resolves unqualified names in the schema. Idle connections stay open, so that prepared statements are kept. */
  pool: Pool;
  /** Drops the schema and closes the pool. */
  drop(): Promise<void>;
}

export async function openOwnSchema(url: string, connections: number): Promise<OwnSchema> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const options = `-c search_path=${name}`;
  const pool = new Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0, options });
  pool.on('error', () => undefined);
  await pool.query(`CREATE SCHEMA ${name}`);
  return {
    pool,
    async drop() {
      await pool.query(`DROP SCHEMA ${name} CASCADE`);
      await pool.end();
    },
  };
}
