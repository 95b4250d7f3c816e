/** Whole journeys over HTTP by one, eight and 32 shoppers at once. */
import { availableParallelism } from 'node:os';
import type { Bench } from '../bench.ts';
import { median, percentile } from '../contest.ts';
import { startCpuWatch } from '../cpu.ts';
import { formatNumber } from '../report.ts';
import { assertConsistent } from '../round-database.ts';
import { type BenchServer, startBenchServer } from './bench-server.ts';
import { runJourneys, SHOPPERS_PER_SECOND, warmUp } from './journeys.ts';

const LARGEST = 32;
/** Concurrent shoppers, and the length of a round, ms. The largest number runs longest, because the goals apply to it. */
const ROUND_MS = new Map([
  [1, 3_000],
  [8, 3_000],
  [LARGEST, 4_000],
]);
const ROUNDS = 3;
interface Crowd {
  perSecond: number[];
  times: number[];
  serverMs: number;
  clientMs: number;
  mongoMs: number;
  /** All requests to mongod during the rounds. */
  requests: number;
}

export async function measureJourneys({ mongo, report, progress }: Bench): Promise<void> {
  const shop = await startBenchServer(mongo);
  const crowds = new Map<number, Crowd>();
  const signUp = async (count: number) => (await shop.signUp(count)).map(({ token }) => token);
  const variantIds = shop.catalogue.variants.map(({ _id }) => String(_id));
  const stand = { url: shop.url, variantIds };
  let warmUpSeconds = 0;
  try {
    warmUpSeconds = await warmUp(stand, signUp);
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [size, durationMs] of ROUND_MS) {
        const crowd = crowds.get(size) ?? newCrowd();
        crowds.set(size, crowd);
        const tokens = await signUp((SHOPPERS_PER_SECOND * durationMs) / 1_000);
        const [server, database] = [startCpuWatch(shop.pids), startCpuWatch(mongo.pids)];
        const requestsBefore = await countRequests(shop);
        const startedAt = performance.now();
        const times = await runJourneys(stand, { size, tokens, durationMs });
        crowd.perSecond.push((times.length * 1_000) / (performance.now() - startedAt));
        crowd.times.push(...times);
        const used = server();
        crowd.requests += (await countRequests(shop)) - requestsBefore;
        crowd.clientMs += used.clientMs;
        crowd.serverMs += used.serverMs ?? Number.NaN;
        crowd.mongoMs += database().serverMs ?? Number.NaN;
        progress(`journeys, round ${round}/${ROUNDS}: ${size} shoppers ${formatNumber(crowd.perSecond.at(-1) ?? 0)}/s`);
      }
      await assertConsistent(shop.db);
    }
  } finally {
    await shop.stop();
  }
  reportTables(report, crowds, warmUpSeconds);
}

function newCrowd(): Crowd {
  return { perSecond: [], times: [], serverMs: 0, clientMs: 0, mongoMs: 0, requests: 0 };
}

/** An order's total processor time bounds the orders per second of this machine. */
function sentenceOf(crowds: ReadonlyMap<number, Crowd>): string {
  const most = crowds.get(LARGEST);
  if (!most) return '';
  const cores = availableParallelism();
  const each = (most.serverMs + most.mongoMs + most.clientMs) / most.times.length;
  const limit = (1_000 * cores) / each;
  return `With ${LARGEST} shoppers an order costs ${formatNumber(each)} ms of processor time in all: ${cores} cores cannot do more than ${formatNumber(limit)} a second.`;
}

async function countRequests({ db }: BenchServer): Promise<number> {
  const status = await db.connection.db?.command({ serverStatus: 1 });
  return Number(status?.network.numRequests);
}

function reportTables(report: Bench['report'], crowds: ReadonlyMap<number, Crowd>, warmUpSeconds: number): void {
  const each = (ms: number, { times }: Crowd) => formatNumber(ms / times.length);
  report.table({
    title: 'Whole journeys over HTTP, everything on this machine',
    columns: [
      'shoppers at once',
      'orders/s',
      'p50, ms',
      'p99, ms',
      'shop CPU, ms/order',
      'mongod CPU, ms/order',
      'client CPU, ms/order',
      'requests to mongod/order',
    ],
    rows: [...crowds].map(([size, crowd]) => [
      String(size),
      formatNumber(median(crowd.perSecond)),
      formatNumber(percentile(crowd.times, 50)),
      formatNumber(percentile(crowd.times, 99)),
      each(crowd.serverMs, crowd),
      each(crowd.mongoMs, crowd),
      each(crowd.clientMs, crowd),
      each(crowd.requests, crowd),
    ]),
    notes: [
      'Web and worker are one process, as npm start runs them; apart, as in docker-compose.yml, a worker with time to spare settles smaller batches, and an order needs some 30 % more processor time.',
      sentenceOf(crowds),
      `The program was compiled, and warmed up for ${warmUpSeconds} s, until its throughput was level.`,
      'Emails are sent, to a mailbox in the client’s process, as is the Paystack that opens payment pages.',
      'For scale, measured apart on two cores on 23 November 2026: Vendure 3.7.3 3.6, 6.4, 6.4 orders/s (p99 5.6 s at 32); Medusa 2.21.2 0.8, 1.0, 1.0 (p99 32 s). On 28 November, 32 shoppers: Vendure 3.7.3 4.3 on Node 20 and 5.4 on Node 24.',
    ],
  });
  const most = crowds.get(LARGEST);
  if (!most) return;
  report.goal({
    measure: 'journeys, 32 shoppers',
    value: median(most.perSecond),
    unit: '/s',
    mustReach: 40,
    aimFor: 100,
  });
  report.goal({
    measure: 'journeys, 32 shoppers, p99',
    value: percentile(most.times, 99),
    unit: ' ms',
    mustReach: 1_500,
    aimFor: 500,
    smallerIsBetter: true,
  });
}
