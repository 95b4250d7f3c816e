/** Settling by processes of their own, one or more at once, their processor time and memory watched from outside. */
import { once } from 'node:events';
import type { Database } from '../../models/db/database.ts';
import packageJson from '../../package.json' with { type: 'json' };
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

export interface Workers {
  /** Settles the `orders` that wait, all workers told to begin at once. */
  drain(orders: number): Promise<Drained>;
  stop(): Promise<void>;
}

const SAMPLE_MS = 250;
/** As `npm run worker` has them. */
const FLAGS = packageJson.scripts.worker.split(' ').filter((word) => word.startsWith('--'));
/** Four full batches: the code has been compiled, and a rate is that of a worker that has stood for a while. */
const WARM_UP_ORDERS = 2_048;

/** `count` workers over `db`, each warm: it has settled orders that `fill` made wait for it alone. */
export async function openWorkers(
  ground: MongoGround,
  db: Database,
  { count, fill }: { count: number; fill: (orders: number) => Promise<void> },
): Promise<Workers> {
  const env = { MONGODB_URI: ground.uri, BENCH_DB_NAME: db.connection.name };
  const workers = await Promise.all(
    Array.from({ length: count }, () => startChild('./settle-worker.ts', import.meta.url, env, FLAGS)),
  );
  for (const worker of workers) {
    await fill(WARM_UP_ORDERS);
    await drain(worker);
  }
  return {
    drain: (orders) => drainByAll(workers, ground, orders),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

async function drainByAll(workers: readonly Child[], ground: MongoGround, orders: number): Promise<Drained> {
  const pids = workers.map(({ pid }) => pid);
  const cpu = startCpuWatch(ground.pids, pids);
  const rss: number[] = [];
  const sampler = setInterval(() => rss.push(readRssBytes(pids[0] ?? 0) ?? Number.NaN), SAMPLE_MS);
  try {
    const startedAt = performance.now();
    await Promise.all(workers.map(drain));
    const seconds = (performance.now() - startedAt) / 1_000;
    const { clientMs, serverMs } = cpu();
    return {
      ordersPerSecond: orders / seconds,
      clientMicros: (clientMs * 1_000) / orders,
      serverMicros: serverMs === null ? null : (serverMs * 1_000) / orders,
      rss,
    };
  } finally {
    clearInterval(sampler);
  }
}

/** Rejects when the worker ends instead: what it died of stands on its stderr, which is ours. */
async function drain({ process: child }: Child): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A worker ended with ${code} while orders waited.`);
  });
  child.send('drain');
  await Promise.race([once(child, 'message', { signal }), ended]).finally(() => over.abort());
}
