/** Settling by processes of their own, one or more at once, their processor time and memory watched from outside. */
import { once } from 'node:events';
import type { Database } from '../../models/database.ts';
import { readRssBytes, startCpuWatch } from './cpu.ts';
import { type Child, startChild } from './http/child.ts';
import type { MongoGround } from './mongo-ground.ts';

export interface Drained {
  ordersPerSecond: number;
  clientMicros: number;
  serverMicros: number | null;
  /** Resident memory of the first worker, bytes, sampled as the queue shrank. */
  rss: number[];
}

const SAMPLE_MS = 250;

/** Settles the `orders` that wait in `db` by `count` workers, all told to begin at once. */
export async function drainByWorkers(
  ground: MongoGround,
  db: Database,
  { orders, count }: { orders: number; count: number },
): Promise<Drained> {
  const env = { MONGODB_URI: ground.uri, BENCH_DB_NAME: db.connection.name };
  const workers = await Promise.all(
    Array.from({ length: count }, () => startChild('./settle-worker.ts', import.meta.url, env)),
  );
  try {
    const pids = workers.map(({ pid }) => pid);
    const cpu = startCpuWatch(ground.pids, pids);
    const rss: number[] = [];
    const sampler = setInterval(() => rss.push(readRssBytes(pids[0] ?? 0) ?? Number.NaN), SAMPLE_MS);
    const startedAt = performance.now();
    await Promise.all(workers.map(drain));
    const seconds = (performance.now() - startedAt) / 1_000;
    clearInterval(sampler);
    const { clientMs, serverMs } = cpu();
    return {
      ordersPerSecond: orders / seconds,
      clientMicros: (clientMs * 1_000) / orders,
      serverMicros: serverMs === null ? null : (serverMs * 1_000) / orders,
      rss,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

async function drain({ process: child }: Child): Promise<void> {
  child.send('drain');
  await once(child, 'message');
}
