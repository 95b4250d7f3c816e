/** Settled orders per second: ours against one job per order and against Postgres, for both kinds of load. */
import type { Bench } from './bench.ts';
import { type Contestant, type ContestResult, holdContest, runRound } from './contest.ts';
import type { Mix } from './load.ts';
import { oneJobPerOrder } from './one-job-per-order.ts';
import { batchesOfOurs } from './ours.ts';
import { postgresBatched, postgresRowLocks } from './postgres/contestants.ts';
import { formatNumber } from './report.ts';

/** Jobs or workers at once, to find the best setting of each competitor. A single one mostly waits for the database. */
const CONCURRENCIES = [4, 8, 16];
const ROUNDS = 3;

interface Sizes {
  ours: number;
  perJob: number;
  rowLocks: number;
  batched: number;
}
const SIZES: Record<'quick' | 'full', Sizes> = {
  quick: { ours: 4_096, perJob: 150, rowLocks: 0, batched: 0 },
  full: { ours: 8_192, perJob: 250, rowLocks: 1_500, batched: 8_192 },
};

const GOALS: Record<
  Mix,
  { perJob: { mustReach: number; aimFor: number }; rowLocks: { mustReach: number; aimFor: number } }
> = {
  mixed: { perJob: { mustReach: 10, aimFor: 25 }, rowLocks: { mustReach: 1.5, aimFor: 3 } },
  hot: { perJob: { mustReach: 20, aimFor: 50 }, rowLocks: { mustReach: 3, aimFor: 6 } },
};

export type Ratios = Record<Mix, number>;

/** Our orders per second divided by those of one job per order. */
export async function compareSettlement(bench: Bench): Promise<Ratios> {
  const mixed = await compare(bench, 'mixed');
  const hot = await compare(bench, 'hot');
  bench.report.goal({
    measure: 'hot ÷ mixed, ours',
    value: hot.ours.ordersPerSecond / mixed.ours.ordersPerSecond,
    unit: '',
    mustReach: 0.8,
    aimFor: 1,
  });
  return { mixed: mixed.ratio, hot: hot.ratio };
}

async function compare(bench: Bench, mix: Mix): Promise<{ ours: ContestResult; ratio: number }> {
  const { mongo, postgres, report, progress } = bench;
  const sizes = SIZES[bench.pace === 'quick' ? 'quick' : 'full'];
  const perJob = await findBest(bench, mix, (at) => oneJobPerOrder(mongo, sizes.perJob, at));
  const locks = postgres && (await findBest(bench, mix, (at) => postgresRowLocks(postgres, sizes.rowLocks, at)));
  const contestants = [
    batchesOfOurs(mongo, sizes.ours),
    perJob,
    ...(locks && postgres ? [locks, postgresBatched(postgres, sizes.batched)] : []),
  ];
  const results = await holdContest(contestants, { mix, rounds: ROUNDS, progress });
  const [ours, one, rowLocked, batched] = results;
  if (!ours || !one) throw new Error('Every contestant has a result.');
  if (mix === 'mixed') bench.findings.ours = ours;
  const ratioTo = (other: ContestResult | undefined) => (other ? ours.ordersPerSecond / other.ordersPerSecond : null);
  const measure = mix === 'mixed' ? '3 lines of 1,000 variants' : 'the same, one hot variant in every order';
  const times = { unit: '×' };
  report.goal({
    measure: `settled, ${measure} ÷ one job per order`,
    value: ratioTo(one),
    ...times,
    ...GOALS[mix].perJob,
  });
  if (bench.pace === 'full') {
    report.goal({
      measure: `settled, ${measure} ÷ Postgres row locks`,
      value: ratioTo(rowLocked),
      ...times,
      ...GOALS[mix].rowLocks,
    });
    report.goal({
      measure: `settled, ${measure} ÷ Postgres batched`,
      value: ratioTo(batched),
      ...times,
      mustReach: null,
      aimFor: 0.5,
    });
  }
  report.table({
    title: `Settled orders a second: ${measure}`,
    columns: ['', 'orders/s', 'rounds', 'client CPU, µs/order', 'server CPU, µs/order', 'ours ÷ it'],
    rows: [
      ...results.map((result) => [
        result.name,
        formatNumber(result.ordersPerSecond),
        result.rounds.map(({ ordersPerSecond }) => formatNumber(ordersPerSecond)).join(' '),
        formatNumber(result.clientMicros),
        formatNumber(result.serverMicros),
        result === ours ? '' : `${formatNumber(ratioTo(result))}×`,
      ]),
      ...(bench.pace === 'full' && !batched ? [['Postgres', 'not measured', '', '', '', '']] : []),
    ],
  });
  return { ours, ratio: ours.ordersPerSecond / one.ordersPerSecond };
}

/** Runs a short round at each concurrency and returns the fastest contestant. */
async function findBest(bench: Bench, mix: Mix, at: (concurrency: number) => Contestant): Promise<Contestant> {
  let best: { contestant: Contestant; rate: number } | null = null;
  for (const concurrency of CONCURRENCIES) {
    const contestant = at(concurrency);
    const orders = Math.ceil(contestant.ordersPerRound / 4);
    const { ordersPerSecond: rate } = await runRound(contestant, { orders, mix });
    bench.progress(`${mix}, finding its best concurrency: ${contestant.name} ${Math.round(rate)}/s`);
    if (best === null || rate > best.rate) best = { contestant, rate };
  }
  if (best === null) throw new Error('At least one concurrency is tried.');
  return best.contestant;
}
