/** Whole journeys over HTTP: three additions to the cart, checkout, Paystack's webhook, and watching for `confirmed`. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Bench } from '../bench.ts';
import { median, percentile } from '../contest.ts';
import { startCpuWatch } from '../cpu.ts';
import { createChance } from '../load.ts';
import { formatNumber } from '../report.ts';
import { assertConsistent } from '../round-database.ts';
import { type BenchServer, type Shopper, signedCharge, startBenchServer } from './bench-server.ts';
import { type Caller, createCaller } from './caller.ts';

const LARGEST = 32;
/** Concurrent shoppers, and the length of a round, ms. The largest number runs longest, because the goals apply to it. */
const ROUND_MS = new Map([
  [1, 3_000],
  [8, 3_000],
  [LARGEST, 4_000],
]);
/** Unmeasured, so that V8 has compiled the code before the first round. */
const WARM_UP_MS = 5_000;
/** Each makes one journey; a round ends early when it has no shoppers left. */
const SHOPPERS_PER_SECOND = 200;
const ROUNDS = 3;
const ADDRESS = {
  name: 'Ada Obi',
  line1: '12 Marina Road',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

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
  const newShoppers = (durationMs: number) => shop.signUp((SHOPPERS_PER_SECOND * durationMs) / 1_000);
  try {
    await journeys(shop, { size: LARGEST, shoppers: await newShoppers(WARM_UP_MS), durationMs: WARM_UP_MS });
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [size, durationMs] of ROUND_MS) {
        const crowd = crowds.get(size) ?? newCrowd();
        crowds.set(size, crowd);
        const shoppers = await newShoppers(durationMs);
        const [server, database] = [startCpuWatch(shop.pids), startCpuWatch(mongo.pids)];
        const requestsBefore = await countRequests(shop);
        const startedAt = performance.now();
        const times = await journeys(shop, { size, shoppers, durationMs });
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
  reportTables(report, crowds);
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

function reportTables(report: Bench['report'], crowds: ReadonlyMap<number, Crowd>): void {
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
      'Emails are sent, to a mailbox in the client’s process, as is the Paystack that opens payment pages.',
      'For scale, measured apart on two cores: Vendure 3.7.3 3.6, 6.4, 6.4 orders/s (p99 5.6 s at 32); Medusa 2.21.2 0.8, 1.0, 1.0 (p99 32 s).',
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

/** Runs `size` journeys at once, each with a new shopper, until time or shoppers run out. Returns their durations, ms. */
async function journeys(
  shop: BenchServer,
  { size, shoppers, durationMs }: { size: number; shoppers: readonly Shopper[]; durationMs: number },
): Promise<number[]> {
  const caller = createCaller(shop.url);
  const endAt = performance.now() + durationMs;
  const times: number[] = [];
  const waiting = shoppers.values();
  const shopFor = async () => {
    // All loops share one iterator, so that no two take the same shopper.
    for (const shopper of waiting) {
      const startedAt = performance.now();
      if (startedAt >= endAt) return;
      await buy(shop, caller, shopper);
      times.push(performance.now() - startedAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: size }, shopFor));
  } finally {
    caller.close();
  }
  return times;
}

const chance = createChance(7);

async function buy({ catalogue }: BenchServer, caller: Caller, { token }: Shopper): Promise<void> {
  for (let line = 0; line < 3; line += 1) {
    const variantId = String(catalogue.variants[Math.floor(chance() * catalogue.variants.length)]?._id);
    await caller.mutate('cart.addItem', { variantId, quantity: 1 }, token);
  }
  const checkoutKey = randomBytes(12).toString('hex');
  const input = { shippingAddress: ADDRESS, checkoutKey };
  const placed = await caller.mutate<{ orderId: string; txRef: string; amount: number }>(
    'orders.initializePayment',
    input,
    token,
  );
  const { body, signature } = signedCharge({ reference: placed.txRef, amount: placed.amount });
  await caller.post('/webhooks/paystack', body, { 'x-paystack-signature': signature });
  await caller.subscribeUntil('orders.watch', { id: placed.orderId }, token, '"status":"confirmed"');
}
