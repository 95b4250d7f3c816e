/**
 * This tree against an older revision, in turns over one mongod, so that other load on the machine affects both alike. Each
 * figure of ours is compared with the other's of the same round; the medians of these ratios are the result.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bench } from '../bench.ts';
import { median, percentile } from '../contest.ts';
import { startCpuWatch } from '../cpu.ts';
import { runJourneys, SHOPPERS_PER_SECOND, warmUp } from '../http/journeys.ts';
import { payInOpenLoop } from '../http/latency-part.ts';
import type { MongoServer } from '../mongo-server.ts';
import { formatNumber } from '../report.ts';
import { buildOwnSide, buildSideOf } from './build-side.ts';
import { type AgainstSide, startSide } from './side.ts';

/** Short, and many: the speed of a shared machine changes within seconds. */
const SIZES = [
  { size: 1, durationMs: 2_000 },
  { size: 32, durationMs: 3_500 },
] as const;
/** The open loop takes twice as long as these, and differs less. */
const LATENCY_EACH_ROUNDS = 3;
const [NODE] = process.versions.node.split('.');
const IDLE = { count: 25, gapMs: 120 };
const LOADED = { count: 150, gapMs: 20 };

/** One round of journeys, per order where it is an order's. */
interface Journeys {
  perSecond: number;
  p50: number;
  p99: number;
  shopMs: number;
  mongodMs: number;
  clientMs: number;
  totalMs: number;
  requests: number;
}

interface Latency {
  idleP50: number;
  loadedP99: number;
}

export interface AgainstOptions {
  revision: string;
  rounds: number;
}

export async function measureAgainst(bench: Bench, { revision, rounds }: AgainstOptions): Promise<void> {
  const files = [await buildOwnSide(), await buildSideOf(revision)] as const;
  const sides: AgainstSide[] = [];
  try {
    const { mongo } = bench;
    sides.push(await startSide(mongo, { name: 'this tree', file: files[0] }));
    sides.push(await startSide(mongo, { name: revision, file: files[1] }));
    sides.push(await startSide(mongo, { name: 'this tree, apart', file: files[0], roles: ['web', 'worker'] }));
    const warmUps: string[] = [];
    for (const side of sides) {
      warmUps.push(`${side.name} ${await warmUp(side, (count) => side.signUp(count))} s`);
      bench.progress(`against ${revision}: ${side.name} is warm`);
    }
    const measured = await measureInTurns(bench, sides, rounds);
    for (const side of sides) await side.audit();
    reportAll(bench, revision, sides, measured, warmUps);
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
    await Promise.all(files.map((file) => rm(dirname(file), { recursive: true, force: true })));
  }
}

interface Measured {
  /** By the number of shoppers. */
  journeys: Map<number, Journeys[]>;
  latency: Latency[];
}

async function measureInTurns(bench: Bench, sides: readonly AgainstSide[], rounds: number) {
  const measured = new Map(
    sides.map((side): [AgainstSide, Measured] => [side, { journeys: new Map(), latency: [] }] as const),
  );
  for (let round = 1; round <= rounds; round += 1) {
    for (const { size, durationMs } of SIZES) {
      for (const side of inOrder(sides, round)) {
        const journeys = await measureJourneys(bench.mongo, side, size, durationMs);
        const of = measured.get(side)?.journeys;
        of?.set(size, [...(of.get(size) ?? []), journeys]);
        bench.progress(
          `round ${round}/${rounds}, ${size} at once: ${side.name} ${formatNumber(journeys.perSecond)}/s, ${formatNumber(journeys.totalMs)} ms CPU an order`,
        );
      }
    }
    if (round % LATENCY_EACH_ROUNDS !== 1) continue;
    for (const side of inOrder(sides, round)) measured.get(side)?.latency.push(await measureLatency(side));
  }
  return measured;
}

function inOrder<T>(sides: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...sides].reverse() : [...sides];
}

async function measureJourneys(
  mongo: MongoServer,
  side: AgainstSide,
  size: number,
  durationMs: number,
): Promise<Journeys> {
  const tokens = await side.signUp((SHOPPERS_PER_SECOND * durationMs) / 1_000);
  const requestsBefore = await countRequests(side);
  const [shop, database] = [startCpuWatch(side.pids), startCpuWatch(mongo.pids)];
  const startedAt = performance.now();
  const times = await runJourneys(side, { size, tokens, durationMs });
  const seconds = (performance.now() - startedAt) / 1_000;
  const { serverMs, clientMs } = shop();
  const mongodMs = database().serverMs;
  const requests = (await countRequests(side)) - requestsBefore;
  const each = (sum: number | null) => (sum ?? Number.NaN) / times.length;
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    shopMs: each(serverMs),
    mongodMs: each(mongodMs),
    clientMs: each(clientMs),
    totalMs: each(serverMs) + each(mongodMs) + each(clientMs),
    requests: each(requests),
  };
}

async function countRequests({ client }: AgainstSide): Promise<number> {
  const status = await client.db('admin').command({ serverStatus: 1 });
  return Number(status.network.numRequests);
}

async function measureLatency(side: AgainstSide): Promise<Latency> {
  const stand = { url: side.url, collection: side.client.db(side.dbName).collection('orders') };
  const idle = await payInOpenLoop(stand, await side.storeUnpaid(IDLE.count), IDLE.gapMs);
  const loaded = await payInOpenLoop(stand, await side.storeUnpaid(LOADED.count), LOADED.gapMs);
  return { idleP50: percentile(idle, 50), loadedP99: percentile(loaded, 99) };
}

const FIGURES = ['perSecond', 'p50', 'p99', 'shopMs', 'mongodMs', 'clientMs', 'totalMs', 'requests'] as const;

function reportAll(
  { report }: Bench,
  revision: string,
  sides: readonly AgainstSide[],
  measured: ReadonlyMap<AgainstSide, Measured>,
  warmUps: readonly string[],
): void {
  const [ours, theirs, apart] = sides.map((side) => measured.get(side));
  if (!ours || !theirs || !apart) throw new Error('Every side is measured.');
  const figures = (of: Measured, size: number, figure: keyof Journeys) =>
    (of.journeys.get(size) ?? []).map((round) => round[figure]);
  const ratio = (one: Measured, other: Measured, size: number, figure: keyof Journeys) =>
    medianRatio(figures(one, size, figure), figures(other, size, figure));
  for (const { size } of SIZES) {
    const cells = (of: Measured) => FIGURES.map((figure) => formatNumber(median(figures(of, size, figure))));
    report.table({
      title: `Whole journeys, ${size} at once, in turns with ${revision}, Node ${NODE}`,
      columns: [
        '',
        'orders/s',
        'p50, ms',
        'p99, ms',
        'shop CPU, ms/order',
        'mongod CPU',
        'client CPU',
        'all CPU',
        'requests to mongod',
      ],
      rows: [
        ...sides.map((side, index) => [side.name, ...cells([ours, theirs, apart][index] ?? ours)]),
        [`÷ ${revision}`, ...FIGURES.map((figure) => formatNumber(ratio(ours, theirs, size, figure)))],
        [
          'rounds of it, all CPU',
          ratios(figures(ours, size, 'totalMs'), figures(theirs, size, 'totalMs'))
            .map(formatNumber)
            .join(' '),
        ],
      ],
      notes: [
        `Compiled programs over one mongod, warmed up until their throughput was level: ${warmUps.join(', ')}. Medians of the rounds; ratios are medians of the ratios of each round.`,
      ],
    });
  }
  const latency = (of: Measured, figure: keyof Latency) => median(of.latency.map((round) => round[figure]));
  report.table({
    title: "From the payment's webhook to the confirmed order, ms, in turns",
    columns: ['', 'idle, p50', 'at 50/s, p99'],
    rows: sides.map(({ name }, index) => {
      const of = [ours, theirs, apart][index] ?? ours;
      return [name, formatNumber(latency(of, 'idleP50')), formatNumber(latency(of, 'loadedP99'))];
    }),
  });
  const goal = (measure: string, value: number, mustReach: number, aimFor: number, unit = '') =>
    report.goal({ measure, value, unit, mustReach, aimFor, smallerIsBetter: !measure.startsWith('orders/s') });
  goal(`orders/s at 32 ÷ ${revision}`, ratio(ours, theirs, 32, 'perSecond'), 1.7, 2.2);
  goal(`processor time of an order ÷ ${revision}`, ratio(ours, theirs, 32, 'totalMs'), 0.6, 0.45);
  goal(`p99 at 32 ÷ ${revision}`, ratio(ours, theirs, 32, 'p99'), 0.6, 0.45);
  goal(`p50 of a lone shopper ÷ ${revision}`, ratio(ours, theirs, 1, 'p50'), 1, 0.8);
  goal('webhook → confirmed, idle, p50', latency(ours, 'idleP50'), 35, 20, ' ms');
  goal('webhook → confirmed, 50/s, p99', latency(ours, 'loadedP99'), 120, 80, ' ms');
  goal('web and worker apart ÷ together, processor time', ratio(apart, ours, 32, 'totalMs'), 1.12, 1.05);
}

function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
}

function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ratios(ours, theirs));
}
