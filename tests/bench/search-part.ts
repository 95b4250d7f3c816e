/**
 * Staff's lists and searches over a million orders (`SEARCH_ORDERS` for fewer), of names, numbers and codes as varied as a
 * shop's. The orders and their search rows are inserted in bulk; each search is the function behind `admin.orders`.
 */
import type { Database } from '../../models/db/database.ts';
import { type OrderSearch, searchOrders } from '../../models/order/queries/search-orders.ts';
import type { Bench } from './bench.ts';
import { formatNumber } from './report.ts';
import { fillSearch, type Person } from './search-fill.ts';

const ORDERS = Number(process.env.SEARCH_ORDERS ?? 1_000_000);
const CALLS = 100;
const PAGE = 20;
/** The requirement, ms. */
const MOST_MS = 200;

interface Kind {
  name: string;
  request(person: Person): Partial<OrderSearch>;
}

const text = (name: string, of: (person: Person) => string): Kind => ({
  name,
  request: (person) => ({ search: of(person) }),
});

const KINDS: readonly Kind[] = [
  text('code', ({ code }) => `#${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`.toLowerCase()),
  text('four characters of a code', ({ code }) => code.slice(0, 4)),
  text('first name', ({ first }) => first),
  text('first and last name', ({ first, last }) => `${last} ${first}`),
  text('beginning of a name', ({ last }) => last.slice(0, 3)),
  text('name and SKU', ({ last, sku }) => `${last} ${sku}`),
  text('email', ({ email }) => email),
  text('half of an email', ({ email }) => email.slice(0, email.indexOf('@') - 1)),
  text('phone number', ({ phone }) => `0${phone.slice(3)}`),
  text('last four digits of a phone number', ({ phone }) => phone.slice(-4)),
  text('SKU', ({ sku }) => sku.toLowerCase()),
  text('tracking number', ({ tracking }) => tracking),
  text('nothing that exists', ({ first }) => `${first}qzx ${first}`),
  { name: 'first name and status', request: ({ first }) => ({ search: first, status: 'shipped' }) },
  {
    name: 'first name and day',
    request: ({ first, placedAt }) => ({ search: first, ...dayOf(placedAt) }),
  },
  { name: 'list of a status', request: ({ status }) => ({ status }) },
  { name: 'list of a day', request: ({ placedAt }) => dayOf(placedAt) },
  { name: 'list of a status and a month', request: ({ status, placedAt }) => ({ status, ...dayOf(placedAt, 30) }) },
  { name: 'list of all', request: () => ({}) },
  { name: 'what to ship', request: () => ({ list: 'to_ship' }) },
  { name: 'what is unpaid', request: () => ({ list: 'unpaid' }) },
  { name: 'what was cancelled', request: () => ({ list: 'cancelled' }) },
  { name: 'orders of a product', request: ({ product }) => ({ product }) },
  { name: 'what to ship of a product', request: ({ product }) => ({ list: 'to_ship', product }) },
  {
    name: 'what was delivered, by product, channel, delivery and month',
    request: ({ product, placedAt }) => ({
      ...{ list: 'delivered', product, channel: 'card', delivery: 'standard' },
      ...dayOf(placedAt, 30),
    }),
  },
  { name: 'what to ship by an unused channel', request: () => ({ list: 'to_ship', channel: 'ussd' }) },
  { name: 'what to ship with a tag', request: () => ({ list: 'to_ship', tag: 'gift' }) },
];

function dayOf(at: Date, days = 1): { from: Date; to: Date } {
  const from = new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);
  return { from, to: new Date(from.getTime() + days * DAY_MS) };
}

const DAY_MS = 24 * 3600_000;

export async function measureSearch({ mongo, report, progress }: Bench): Promise<void> {
  const db = await mongo.openFresh();
  try {
    const people = await fillSearch(db, ORDERS, progress);
    const rows: string[][] = [];
    let worst = 0;
    for (const kind of KINDS) {
      const { p50, p95, most, found } = await measure(db, kind, people);
      worst = Math.max(worst, p95);
      rows.push([kind.name, ...[p50, p95, most, found].map(formatNumber)]);
      progress(`search: ${kind.name} ${formatNumber(p95)} ms`);
    }
    report.table({
      title: `Staff's searches over ${formatNumber(ORDERS)} orders`,
      columns: ['', 'p50, ms', 'p95, ms', 'slowest, ms', 'orders on the first page'],
      rows,
      notes: [`First pages of ${PAGE} with their count, ${CALLS} calls of each, one after the other.`],
    });
    report.goal({
      measure: 'p95 of the slowest search',
      value: worst,
      unit: ' ms',
      mustReach: MOST_MS,
      aimFor: MOST_MS / 2,
      smallerIsBetter: true,
    });
  } finally {
    await mongo.discard(db);
  }
}

async function measure(db: Database, { name, request }: Kind, people: readonly Person[]) {
  const times: number[] = [];
  let found = 0;
  for (let call = 0; call < CALLS; call += 1) {
    const person = people[call % people.length];
    if (!person) throw new Error(`No order to search ${name} by.`);
    const startedAt = performance.now();
    const { items } = await searchOrders(db, { limit: PAGE, ...request(person) });
    times.push(performance.now() - startedAt);
    found += items.length / CALLS;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), most: at(1), found };
}
