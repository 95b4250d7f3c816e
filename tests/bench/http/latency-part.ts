/** The time from sending Paystack's webhook to the change event of the confirmed order. */
import { setTimeout as delay } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { driverCollection } from '../../../models/db/connection.ts';
import type { Bench } from '../bench.ts';
import { median, percentile } from '../contest.ts';
import { startCpuWatch } from '../cpu.ts';
import { storeUnpaidOrders } from '../fill.ts';
import type { MongoServer } from '../mongo-server.ts';
import { formatNumber } from '../report.ts';
import { assertConsistent } from '../round-database.ts';
import { type BenchServer, signedCharge, startBenchServer } from './bench-server.ts';
import { createCaller } from './caller.ts';
import { watchConfirmations } from './confirmations.ts';

const WARM_UP = 20;
const ROUNDS = 3;
const IDLE_ORDERS = 50;
/** Long enough that no order affects the next. */
const IDLE_GAP_MS = 120;
const LOAD_PER_SECOND = 50;
const LOAD_ORDERS = 250;

export async function measureLatency({ mongo, report, progress }: Bench): Promise<void> {
  const shop = await startBenchServer(mongo);
  try {
    progress('latency: warming up');
    await payAll(shop, WARM_UP, IDLE_GAP_MS);
    const idle: Round[] = [];
    const loaded: Round[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      idle.push(await runRound(mongo, shop, IDLE_ORDERS, IDLE_GAP_MS));
      loaded.push(await runRound(mongo, shop, LOAD_ORDERS, 1_000 / LOAD_PER_SECOND));
      const [at, busy] = [idle, loaded].map((rounds) => formatNumber(rounds.at(-1)?.p50 ?? Number.NaN));
      progress(`latency, round ${round}/${ROUNDS}: p50 ${at} ms idle, ${busy} ms at ${LOAD_PER_SECOND} orders/s`);
    }
    const row = (name: string, rounds: Round[]) => [
      name,
      ...FIGURES.map((figure) => formatNumber(median(rounds.map((round) => round[figure])))),
    ];
    report.table({
      title: "From the payment's webhook to the confirmed order, ms",
      columns: ['', 'p50', 'p90', 'p99', 'longest', 'shop CPU an order', 'mongod CPU', 'client CPU'],
      rows: [row('idle', idle), row(`at ${LOAD_PER_SECOND} orders/s`, loaded)],
      notes: [
        `Medians of ${ROUNDS} rounds in turns. As seen by a change stream, which itself takes a millisecond or two. Idle, the processor time is mostly that of waiting: polls, timers, metrics.`,
      ],
    });
    reportGoals(report, idle, loaded);
  } finally {
    await shop.stop();
  }
}

function reportGoals(report: Bench['report'], idle: Round[], loaded: Round[]): void {
  const goal = { unit: ' ms', smallerIsBetter: true };
  report.goal({
    measure: 'webhook → confirmed, idle, p50',
    value: median(idle.map(({ p50 }) => p50)),
    mustReach: 60,
    aimFor: 25,
    ...goal,
  });
  report.goal({
    measure: 'webhook → confirmed, idle, p99',
    value: median(idle.map(({ p99 }) => p99)),
    mustReach: 250,
    aimFor: 250,
    ...goal,
  });
  report.goal({
    measure: `webhook → confirmed, ${LOAD_PER_SECOND}/s, p99`,
    value: median(loaded.map(({ p99 }) => p99)),
    mustReach: 500,
    aimFor: 500,
    ...goal,
  });
}

const FIGURES = ['p50', 'p90', 'p99', 'longest', 'shopMs', 'mongodMs', 'clientMs'] as const;
/** ms; processor time is per order. */
type Round = Record<(typeof FIGURES)[number], number>;

async function runRound(mongo: MongoServer, shop: BenchServer, count: number, gapMs: number): Promise<Round> {
  const [process, mongod] = [startCpuWatch(shop.pids), startCpuWatch(mongo.pids)];
  const times = await payAll(shop, count, gapMs);
  const { serverMs, clientMs } = process();
  const mongodMs = mongod().serverMs;
  await assertConsistent(shop.db);
  return {
    p50: percentile(times, 50),
    p90: percentile(times, 90),
    p99: percentile(times, 99),
    longest: percentile(times, 100),
    shopMs: (serverMs ?? Number.NaN) / count,
    mongodMs: (mongodMs ?? Number.NaN) / count,
    clientMs: clientMs / count,
  };
}

async function payAll({ db, url, catalogue }: BenchServer, count: number, gapMs: number): Promise<number[]> {
  const stored = await storeUnpaidOrders(db, catalogue, count, new Date());
  const orders = stored.map(({ _id, txRef, total }) => ({ id: String(_id), txRef, total }));
  return payInOpenLoop({ url, collection: driverCollection(db.orders) }, orders, gapMs);
}

/**
 * Sends one webhook every `gapMs` without waiting for earlier ones. Returns the times until each order's confirmation, ms.
 */
export async function payInOpenLoop(
  { url, collection }: { url: string; collection: Pick<mongo.Collection, 'watch'> },
  orders: readonly { id: string; txRef: string; total: number }[],
  gapMs: number,
): Promise<number[]> {
  const confirmations = await watchConfirmations(collection);
  const caller = createCaller(url);
  const startedAt = performance.now();
  const times = orders.map(async ({ id, txRef, total }, index) => {
    await delay(Math.max(0, startedAt + index * gapMs - performance.now()));
    const { body, signature } = signedCharge({ reference: txRef, amount: total });
    const sentAt = performance.now();
    await caller.post('/webhooks/paystack', body, { 'x-paystack-signature': signature });
    return (await confirmations.of(id)) - sentAt;
  });
  try {
    return await Promise.all(times);
  } finally {
    caller.close();
    await confirmations.close();
  }
}
