/** Settlement by worker processes, with their processor time and memory measured from outside. */
import { once } from 'node:events';
import type { Database } from '../../models/db/database.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readRssBytes, startCpuWatch } from './cpu.ts';
import { type Child, startChild } from './http/child.ts';
import type { MongoServer } from './mongo-server.ts';

export interface Drained {
  ordersPerSecond: number;
  clientMicros: number;
  serverMicros: number | null;
  /** Resident memory of the first worker, bytes, sampled as the queue shrank. */
  rss: number[];
}

export interface Workers {
  /** Starts all workers at once and resolves when the queued orders are settled; `orders` is their number. */
  drain(orders: number): Promise<Drained>;
  stop(): Promise<void>;
}

const SAMPLE_MS = 250;
/** The same flags of Node as in `npm run worker`. */
const FLAGS = packageJson.scripts.worker.split(' ').filter((word) => word.startsWith('--'));
/** Four full batches compile the code, so that the rate is that of a long-running worker. */
const WARM_UP_ORDERS = 2_048;

/** Starts `count` workers over `db`. Each settles a load from `fill` by itself first, to be warm. */
export async function openWorkers(
  server: MongoServer,
  db: Database,
  { count, fill }: { count: number; fill: (orders: number) => Promise<void> },
): Promise<Workers> {
  const env = { MONGODB_URI: server.uri, BENCH_DB_NAME: db.connection.name };
  const workers = await Promise.all(
    Array.from({ length: count }, () => startChild('./settle-worker.ts', import.meta.url, env, FLAGS)),
  );
  for (const worker of workers) {
    await fill(WARM_UP_ORDERS);
    await drain(worker);
  }
  return {
    drain: (orders) => drainByAll(workers, server, orders),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

async function drainByAll(workers: readonly Child[], server: MongoServer, orders: number): Promise<Drained> {
  const pids = workers.map(({ pid }) => pid);
  const cpu = startCpuWatch(server.pids, pids);
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

/** Rejects if the worker exits early; its stderr, which is shared with this process, shows the reason. */
async function drain({ process: child }: Child): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A worker ended with ${code} while orders waited.`);
  });
  child.send('drain');
  await Promise.race([once(child, 'message', { signal }), ended]).finally(() => over.abort());
}
