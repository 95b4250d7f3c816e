/** Whether rates and memory stay the same with a long queue, many old orders and a second worker. */
import type { Bench } from './bench.ts';
import { median } from './contest.ts';
import { formatNumber } from './report.ts';
import { openRoundDatabase, type RoundDatabase } from './round-database.ts';
import { type Drained, openWorkers, type Workers } from './workers.ts';

const SHORT_QUEUE = 1_000;
/** A short queue is settled too fast for one precise measurement per round. */
const SHORT_QUEUES_PER_ROUND = 2;
const ROUNDS = 3;
const PROBE = 8_192;
const MEGA = 1_024 ** 2;
/** Allowed growth of a worker, MB, after the first quarter of a long queue: settled orders must leave nothing in memory. */
const MOST_GROWTH = 20;

/** Orders per second, one rate per measurement. */
interface Rates {
  many: number;
  short: number[];
  one: number[];
  two: number[];
  long: Drained;
  old: number[];
}

export async function measureScale(bench: Bench): Promise<void> {
  const { progress, pace } = bench;
  const many = pace === 'long' ? 1_000_000 : 100_000;
  const rates = { short: [] as number[], one: [] as number[], two: [] as number[] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    await withWorkers(bench, 1, async (settle) => {
      for (let n = 0; n < SHORT_QUEUES_PER_ROUND; n += 1) rates.short.push((await settle(SHORT_QUEUE)).ordersPerSecond);
      rates.one.push((await settle(PROBE)).ordersPerSecond);
    });
    await withWorkers(bench, 2, async (settle) => rates.two.push((await settle(PROBE)).ordersPerSecond));
    const [short, one, two] = [rates.short, rates.one, rates.two].map((each) => formatNumber(median(each)));
    progress(`scale, round ${round}/${ROUNDS}: ${short}/s short, one ${one}/s, two ${two}/s`);
  }
  await withWorkers(bench, 1, async (settle) => {
    const long = await settle(many);
    progress(`scale: ${formatNumber(many)} settled, ${formatNumber(long.ordersPerSecond)}/s`);
    const old: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) old.push((await settle(PROBE)).ordersPerSecond);
    reportTables(bench.report, { many, ...rates, long, old });
  });
}

/** Starts `count` warm workers over a fresh database. The callback `settle` fills, drains and audits it. */
async function withWorkers(
  { mongo }: Bench,
  count: number,
  work: (settle: Workers['drain']) => Promise<unknown>,
): Promise<void> {
  const round: RoundDatabase = await openRoundDatabase(mongo);
  const fill = (orders: number) => round.fill({ orders, mix: 'mixed' });
  try {
    const workers = await openWorkers(mongo, round.db, { count, fill });
    try {
      await work(async (orders) => {
        await fill(orders);
        const drained = await workers.drain(orders);
        await round.audit();
        return drained;
      });
    } finally {
      await workers.stop();
    }
  } finally {
    await round.discard();
  }
}

function reportTables(report: Bench['report'], { many, long, old, ...rates }: Rates): void {
  const rss = long.rss.map((bytes) => bytes / MEGA);
  const late = rss.slice(Math.floor(rss.length / 4));
  const growth = median(late.slice(-5)) - median(late.slice(0, 5));
  report.table({
    title: 'Size',
    columns: ['', 'orders/s', 'worker CPU, µs/order', 'mongod CPU, µs/order'],
    rows: [
      [`${formatNumber(SHORT_QUEUE)} waiting`, formatNumber(median(rates.short)), '', ''],
      [
        `${formatNumber(many)} waiting`,
        formatNumber(long.ordersPerSecond),
        formatNumber(long.clientMicros),
        formatNumber(long.serverMicros),
      ],
      [`${formatNumber(PROBE)} waiting, no old orders`, formatNumber(median(rates.one)), '', ''],
      [`${formatNumber(PROBE)} waiting, ${formatNumber(many)} old orders`, formatNumber(median(old)), '', ''],
      [`${formatNumber(PROBE)} waiting, two workers`, formatNumber(median(rates.two)), '', ''],
    ],
    notes: [
      `The worker's resident memory while it settled ${formatNumber(many)}: at most ${formatNumber(Math.max(...rss))} MB; its last three quarters ended ${formatNumber(growth)} MB from where they began.`,
    ],
  });
  reportGoals(report, { many, long, old, ...rates }, { most: Math.max(...rss), growth });
}

function reportGoals(
  report: Bench['report'],
  { many, long, old, short, one, two }: Rates,
  { most, growth }: { most: number; growth: number },
): void {
  const ratio = { unit: '', mustReach: 0.8, aimFor: 1 };
  report.goal({
    measure: `rate at ${formatNumber(many)} waiting ÷ at 1,000`,
    value: long.ordersPerSecond / median(short),
    ...ratio,
  });
  report.goal({
    measure: `rate with ${formatNumber(many)} old orders ÷ with none`,
    value: median(old) / median(one),
    ...ratio,
  });
  report.goal({
    measure: 'two workers ÷ one',
    value: median(two) / median(one),
    unit: '',
    mustReach: 0.9,
    aimFor: 1,
  });
  report.goal({
    measure: `worker's memory, settling ${formatNumber(many)}`,
    value: most,
    unit: ' MB',
    mustReach: 300,
    aimFor: 200,
    smallerIsBetter: true,
  });
  report.goal({
    measure: `growth of it over the last three quarters`,
    value: growth,
    unit: ' MB',
    mustReach: MOST_GROWTH,
    aimFor: MOST_GROWTH,
    smallerIsBetter: true,
  });
}
