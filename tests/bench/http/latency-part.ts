/** How long a payment takes to become a confirmed order: from sending Paystack's webhook to the commit being seen. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { percentile } from '../contest.ts';
import { storeUnpaidOrders } from '../fill.ts';
import { formatNumber } from '../report.ts';
import { createCaller } from './caller.ts';
import { watchConfirmations } from './confirmations.ts';
import { openShop, type StandingShop, signedCharge } from './standing-shop.ts';

const WARM_UP = 20;
const IDLE_ORDERS = 100;
/** Long enough that nothing of one order helps or hinders the next. */
const IDLE_GAP_MS = 120;
const LOAD_PER_SECOND = 50;
const LOAD_ORDERS = 500;

export async function measureLatency({ mongo, report, progress }: Bench): Promise<void> {
  const shop = await openShop(mongo);
  try {
    progress('latency: warming up');
    await payAll(shop, WARM_UP, IDLE_GAP_MS);
    progress('latency: idle');
    const idle = await payAll(shop, IDLE_ORDERS, IDLE_GAP_MS);
    progress(`latency: at ${LOAD_PER_SECOND} orders/s`);
    const loaded = await payAll(shop, LOAD_ORDERS, 1_000 / LOAD_PER_SECOND);
    const row = (name: string, times: number[]) => [
      name,
      ...[50, 90, 99, 100].map((p) => formatNumber(percentile(times, p))),
    ];
    report.table({
      title: "From the payment's webhook to the confirmed order, ms",
      columns: ['', 'p50', 'p90', 'p99', 'longest'],
      rows: [row('idle', idle), row(`at ${LOAD_PER_SECOND} orders/s`, loaded)],
      notes: ['As seen by a change stream, which itself takes a millisecond or two.'],
    });
    const goal = { unit: ' ms', smallerIsBetter: true };
    report.goal({
      measure: 'webhook → confirmed, idle, p50',
      value: percentile(idle, 50),
      mustReach: 60,
      aimFor: 25,
      ...goal,
    });
    report.goal({
      measure: 'webhook → confirmed, idle, p99',
      value: percentile(idle, 99),
      mustReach: 250,
      aimFor: 250,
      ...goal,
    });
    report.goal({
      measure: `webhook → confirmed, ${LOAD_PER_SECOND}/s, p99`,
      value: percentile(loaded, 99),
      mustReach: 500,
      aimFor: 500,
      ...goal,
    });
  } finally {
    await shop.stop();
  }
}

/** One webhook every `gapMs`, whatever became of those before: an open loop. */
async function payAll({ db, url, goods }: StandingShop, count: number, gapMs: number): Promise<number[]> {
  const orders = await storeUnpaidOrders(db, goods, count, new Date());
  const confirmations = await watchConfirmations(db);
  const caller = createCaller(url);
  const startedAt = performance.now();
  const times = orders.map(async ({ _id, txRef, total }, index) => {
    await delay(startedAt + index * gapMs - performance.now());
    const { body, signature } = signedCharge({ reference: txRef, amount: total });
    const sentAt = performance.now();
    await caller.post('/webhooks/paystack', body, { 'x-paystack-signature': signature });
    return (await confirmations.of(_id)) - sentAt;
  });
  try {
    return await Promise.all(times);
  } finally {
    caller.close();
    await confirmations.close();
  }
}
