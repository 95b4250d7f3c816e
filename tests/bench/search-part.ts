/**
 * Staff's lists and searches over a million orders (`SEARCH_ORDERS` for fewer), of names, numbers and codes as varied as a
 * shop's. The orders and their search rows are inserted in bulk; each search is the function behind `admin.orders`.
 */
import type { Database } from '../../models/db/database.ts';
import { readToday } from '../../models/figures/today.ts';
import { findFailedEmails } from '../../models/messaging/failed-emails.ts';
import { countOrderLists } from '../../models/order/queries/count-lists.ts';
import { type OrderSearch, searchOrders } from '../../models/order/queries/search-orders.ts';
import type { Bench } from './bench.ts';
import { formatNumber } from './report.ts';
import { fillSearch, type Person } from './search-fill.ts';
import { reportCallTimes, type TimedCall, timeCalls } from './timed-calls.ts';

const ORDERS = Number(process.env.SEARCH_ORDERS ?? 1_000_000);
const CALLS = 100;
const PAGE = 20;
/** The requirement, ms. */
const MOST_MS = 200;

interface Search {
  name: string;
  request(person: Person): Partial<OrderSearch>;
}

const text = (name: string, of: (person: Person) => string): Search => ({
  name,
  request: (person) => ({ search: of(person) }),
});

const SEARCHES: readonly Search[] = [
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

const ATTENTION = ['parked', 'review', 'refund', 'stuck', 'dispute'] as const;

/** Besides the searches: all that pages of the desk load when they are opened. */
const otherPages = (db: Database): TimedCall<Person>[] => [
  { name: 'numbers of the tabs', call: async () => Object.keys(await countOrderLists(db)).length },
  {
    name: 'numbers of Today',
    call: async () => Object.keys(await readToday(db, { domain: 'test', now: new Date() })).length,
  },
  ...ATTENTION.map((attention) => ({
    name: `what needs attention: ${attention}`,
    call: async () => (await searchOrders(db, { attention, limit: PAGE })).items.length,
  })),
  {
    name: 'failed emails',
    call: async () => (await findFailedEmails(db, { limit: PAGE, now: new Date() })).items.length,
  },
  { name: 'orders of one customer', call: ({ email }) => searched(db, { email }) },
];

async function searched(db: Database, request: Partial<OrderSearch>): Promise<number> {
  return (await searchOrders(db, { limit: PAGE, ...request })).items.length;
}

export async function measureSearch({ mongo, report, progress }: Bench): Promise<void> {
  const db = await mongo.openFresh();
  try {
    const people = await fillSearch(db, ORDERS, progress);
    const searches = SEARCHES.map(({ name, request }) => ({
      name,
      call: (person: Person) => searched(db, request(person)),
    }));
    const times = await timeCalls([...searches, ...otherPages(db)], people, { calls: CALLS, progress });
    reportCallTimes(report, `Staff's lists and searches over ${formatNumber(ORDERS)} orders`, times, [
      `First pages of ${PAGE} with their count, ${CALLS} calls of each, one after the other.`,
    ]);
    report.goal({
      measure: 'p95 of the slowest list or search',
      value: Math.max(...times.map(({ p95 }) => p95)),
      unit: ' ms',
      mustReach: MOST_MS,
      aimFor: MOST_MS / 2,
      smallerIsBetter: true,
    });
  } finally {
    await mongo.discard(db);
  }
}
