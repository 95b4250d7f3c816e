/**
 * A schema of a contestant's own, in whatever database it was given: BENCH_POSTGRES_URL may name one in which somebody
 * keeps tables called orders, and none of them may be touched.
 */
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';

export interface OwnSchema {
  /** Finds and makes unqualified names in the schema. Its connections stay open, with the statements they have prepared. */
  pool: Pool;
  /** Drops the schema with all that is in it, and closes the pool. */
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
