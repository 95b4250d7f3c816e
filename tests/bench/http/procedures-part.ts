/** Each procedure by itself: latency at a fixed rate, requests a second at saturation, against the bare Express route. */
import autocannon, { type Result, type SentRequest } from 'autocannon';
import type { Order } from '../../../models/order-document.ts';
import type { Bench } from '../bench.ts';
import { median } from '../contest.ts';
import { storeUnpaidOrders } from '../fill.ts';
import { formatNumber } from '../report.ts';
import { type Child, startChild } from './child.ts';
import { listProcedures, type Procedure } from './procedures.ts';
import { openShop, type StandingShop } from './standing-shop.ts';

const WARM_UP_SECONDS = 4;
const FIXED_SECONDS = 4;
const SATURATED_SECONDS = 2;
const ROUNDS = 3;
const CONNECTIONS = 16;
/** Five unpaid orders each are allowed: enough shoppers for every checkout of the run. */
const SHOPPERS = 4_000;
const UNPAID_AT_ONCE = 2_000;

interface Found {
  fixed: Result;
  perSecond: number[];
}

export async function measureProcedures({ mongo, report, progress }: Bench): Promise<void> {
  const shop = await openShop(mongo, 'web');
  let bare: Child | null = null;
  const rows: string[][] = [];
  try {
    bare = await startChild('./bare-process.ts', import.meta.url, shop.environment);
    const procedures = await prepare(shop);
    for (const procedure of procedures) {
      const [ours, floor] = await compare(procedure, shop.url, bare.url);
      const ratio = median(ours.perSecond) / median(floor.perSecond);
      progress(`${procedure.name}: ${formatNumber(median(ours.perSecond))}/s, ${formatNumber(ratio)} of bare Express`);
      rows.push(...rowsOf(procedure, ours, floor, ratio));
      report.goal({
        measure: `${procedure.name} ÷ bare Express, at saturation`,
        value: ratio,
        unit: '',
        mustReach: 0.5,
        aimFor: 0.8,
      });
    }
  } finally {
    await bare?.stop();
    await shop.stop();
  }
  report.table({
    title: 'Procedures by themselves, web role alone',
    columns: ['', 'p50 at fixed rate, ms', 'p99, ms', 'at saturation, requests/s', 'of bare'],
    rows,
    notes: [
      `Fixed rates by autocannon -R for ${FIXED_SECONDS} s; saturation by ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turns.`,
    ],
  });
}

function rowsOf({ name, rate }: Procedure, ours: Found, bare: Found, ratio: number): string[][] {
  const row = (label: string, { fixed, perSecond }: Found, last: string) => [
    label,
    formatNumber(fixed.latency.p50),
    formatNumber(fixed.latency.p99),
    formatNumber(median(perSecond)),
    last,
  ];
  return [row(`${name} (${rate}/s)`, ours, formatNumber(ratio)), row('  bare Express', bare, '')];
}

async function compare(procedure: Procedure, oursUrl: string, bareUrl: string): Promise<[Found, Found]> {
  const sides = [
    { url: oursUrl, make: () => procedure.ours() },
    { url: bareUrl, make: () => procedure.bare() },
  ] as const;
  // Once unmeasured: until the first thousands of calls have compiled the code, each takes several times as long.
  for (const { url, make } of sides) await fire(url, make, WARM_UP_SECONDS);
  const found: Found[] = [];
  for (const { url, make } of sides)
    found.push({ fixed: await fire(url, make, FIXED_SECONDS, procedure.rate), perSecond: [] });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { url, make }] of sides.entries()) {
      const { requests, duration } = await fire(url, make, SATURATED_SECONDS);
      found[index]?.perSecond.push(requests.total / duration);
    }
  }
  const [ours, bare] = found;
  if (!ours || !bare) throw new Error('Both sides are measured.');
  return [ours, bare];
}

async function fire(url: string, make: () => SentRequest, duration: number, overallRate?: number): Promise<Result> {
  const requests = [{ setupRequest: (request: SentRequest) => ({ ...request, ...make() }) }];
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    requests,
    ...(overallRate === undefined ? {} : { overallRate }),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(
      `${make().path}: ${result.non2xx} refusals and ${result.errors} errors of ${result.requests.total}`,
    );
  return result;
}

/** Shoppers whose carts hold three lines, their orders to look at, and orders to be paid, made before they are needed. */
async function prepare(shop: StandingShop): Promise<Procedure[]> {
  const { db, goods } = shop;
  const shoppers = await shop.signUp(SHOPPERS);
  const items = goods.variants.slice(0, 3).map(({ _id, price }) => ({ variantId: _id, quantity: 1, unitPrice: price }));
  const subtotal = items.reduce((sum, { unitPrice }) => sum + unitPrice, 0);
  await db.carts.insertMany(
    shoppers.map(({ id }) => ({ _id: id, items, itemCount: 3, subtotal, currency: 'NGN' as const })),
  );
  const paid = await storeUnpaidOrders(db, goods, 200, new Date());
  const owned = paid.map((order, index) => ({ ...order, userId: shoppers[index]?.id ?? order.userId }));
  await db.orders.bulkWrite(
    owned.map(({ _id, userId }) => ({ updateOne: { filter: { _id }, update: { $set: { userId } } } })),
  );
  const unpaid: Order[] = [];
  for (let made = 0; made < 8; made += 1)
    unpaid.push(...(await storeUnpaidOrders(db, goods, UNPAID_AT_ONCE, new Date())));
  const nextUnpaid = () => {
    const order = unpaid.pop();
    if (!order) throw new Error('More webhooks were sent than orders were made for them.');
    return order;
  };
  return listProcedures(shop, shoppers, owned, nextUnpaid);
}
