/** What does not change with size: a long queue, a shop with a history, a second worker, the worker's memory. */

import type { Database } from '../../models/database.ts';
import type { Bench } from './bench.ts';
import { median } from './contest.ts';
import { storePaidOrders, storeShop } from './fill.ts';
import { composeShop, type Shop } from './load.ts';
import { assertSettled } from './mongo-stage.ts';
import { formatNumber } from './report.ts';
import { type Drained, drainByWorkers } from './workers.ts';

const SHORT_QUEUE = 1_000;
/** So short a queue is over in a breath: it is measured several times a round. */
const SHORT_QUEUES_PER_ROUND = 5;
const ROUNDS = 3;
const PROBE = 8_192;
const MEGA = 1_024 ** 2;

interface Stage {
  db: Database;
  shop: Shop;
  /** Fills, drains by `count` workers, audits the count. */
  settle(orders: number, count?: number): Promise<Drained>;
  close(): Promise<void>;
}

export async function measureScale(bench: Bench): Promise<void> {
  const { report, progress, pace } = bench;
  const many = pace === 'long' ? 1_000_000 : 100_000;
  const rates = { short: [] as number[], one: [] as number[], two: [] as number[] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    const stage = await openStage(bench);
    // The first batches compile the worker's code; each drain has a worker of its own, so all pay alike.
    for (let n = 0; n < SHORT_QUEUES_PER_ROUND; n += 1)
      rates.short.push((await stage.settle(SHORT_QUEUE)).ordersPerSecond);
    rates.one.push((await stage.settle(PROBE, 1)).ordersPerSecond);
    rates.two.push((await stage.settle(PROBE, 2)).ordersPerSecond);
    progress(
      `scale, round ${round}/${ROUNDS}: ${formatNumber(median(rates.short))}/s short, one ${formatNumber(median(rates.one))}/s, two ${formatNumber(median(rates.two))}/s`,
    );
    await stage.close();
  }
  const stage = await openStage(bench);
  progress(`scale: ${formatNumber(many)} orders wait`);
  const long = await stage.settle(many);
  const old: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) old.push((await stage.settle(PROBE)).ordersPerSecond);
  await stage.close();

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
  const ratio = { unit: '', mustReach: 0.8, aimFor: 1 };
  report.goal({
    measure: `rate at ${formatNumber(many)} waiting ÷ at 1,000`,
    value: long.ordersPerSecond / median(rates.short),
    ...ratio,
  });
  report.goal({
    measure: `rate with ${formatNumber(many)} old orders ÷ with none`,
    value: median(old) / median(rates.one),
    ...ratio,
  });
  report.goal({
    measure: 'two workers ÷ one',
    value: median(rates.two) / median(rates.one),
    unit: '',
    mustReach: 0.9,
    aimFor: 1,
  });
  report.goal({
    measure: `worker's memory, settling ${formatNumber(many)}`,
    value: Math.max(...rss),
    unit: ' MB',
    mustReach: 300,
    aimFor: 200,
    smallerIsBetter: true,
  });
}

async function openStage({ mongo }: Bench): Promise<Stage> {
  const db = await mongo.openFresh();
  const shop = composeShop(new Date());
  await storeShop(db, shop, new Date());
  let settled = 0;
  return {
    db,
    shop,
    async settle(orders, count = 1) {
      await storePaidOrders(db, shop, { orders, mix: 'mixed' }, new Date());
      const drained = await drainByWorkers(mongo, db, { orders, count });
      settled += orders;
      await assertSettled(db, settled);
      return drained;
    },
    close: () => mongo.discard(db),
  };
}
