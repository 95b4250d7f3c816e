/** The customers, times and plots of a history's orders. The same seed gives the same ones, counted back from today. */
import type { HistoryShop, KnownCustomer } from './history-shop.ts';
import { Life, type Line, startOfMorning } from './life.ts';
import { HISTORY_DAYS } from './opening-time.ts';
import { UNREACHABLE } from './people.ts';
import type { Story } from './scheduler.ts';
import type { Plot } from './stories.ts';
import * as plots from './stories.ts';

const DAY_MS = 24 * 3600_000;
const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;

export interface Plan {
  stories: Story[];
  /** Units of each SKU in all orders. */
  wanted: Map<string, number>;
}

/** Weights of what happens on any day. */
const COMMON: readonly (readonly [weight: number, plot: Plot])[] = [
  [76, plots.delivered],
  [5, plots.inTwoParcels],
  [3, plots.pickedUp],
  [4, plots.neverPaid],
  [3, plots.declinedThenPaid],
  [1, plots.declined],
  [2, plots.cancelledUnpaid],
  [2, plots.cancelledByStaff],
  [2, plots.sentBack],
  [1, plots.damaged],
  [1, plots.corrected],
];

/** Orders that every history has, by the days before today. */
const CERTAIN: readonly (readonly [daysAgo: number, plot: Plot])[] = [
  [52, plots.disputed({ category: 'fraud', hours: 30, answer: 'decline', bank: 'declined' })],
  [47, plots.disputed({ category: 'chargeback', hours: 16 })],
  [41, plots.disputed({ category: 'chargeback', hours: 40, answer: 'decline', bank: 'merchant-accepted' })],
  [33, plots.disputed({ category: 'general', part: 0.5, hours: 40, answer: 'accept' })],
  [24, plots.disputed({ category: 'chargeback', hours: 40, answer: 'decline', bank: 'declined' })],
  [10, plots.disputed({ category: 'fraud', hours: 40, answer: 'decline' })],
  [44, plots.paidTooLate],
  [38, plots.inReview(true)],
  [29, plots.refundFailed],
  [26, plots.neverArrived],
  [15, plots.neverArrived],
  [18, plots.sentBack],
  [9, plots.damaged],
  [6, plots.refundNeedsAccount],
  [3, plots.inReview(false)],
];

/** Orders that wait today, by the hours before now. */
const FRESH: readonly (readonly [hoursAgo: number, plot: Plot])[] = [
  [100, plots.partShipped],
  [75, plots.partShipped],
  [64, plots.waiting('Waits for the tailor: the hem is being sewn.')],
  [9, plots.delivered],
  [7, plots.delivered],
  [5.5, plots.neverPaid],
  [4.5, plots.waiting('Called: please leave the parcel with the neighbour at number 12.')],
  [3.2, plots.delivered],
  [3.1, plots.declined],
  [1.5, plots.delivered],
  [1.4, plots.delivered],
  [0.8, plots.delivered],
  [0.4, plots.neverPaid],
];

const COUNT = 300;
/** Of a day's burst of orders, after the morning's work: on one day at noon, on the next in the evening. */
const BURSTS_AFTER_MS = [4 * HOUR_MS, 11 * HOUR_MS] as const;
const BURST_MS = 12 * MINUTE_MS;

const WISHES: readonly (readonly [weight: number, sku: string])[] = [
  [9, 'ANK-IND'],
  [7, 'ANK-SUN'],
  [3, 'ANK-FOR'],
  [4, 'FIL-WIN-58'],
  [3, 'FIL-WIN-60'],
  [2, 'FIL-NVY-60'],
  [6, 'ADI-M'],
  [7, 'ADI-L'],
  [2, 'ADI-XL'],
  [3, 'SLP-TAN-42'],
  [2, 'SLP-TAN-44'],
  [1, 'SLP-BLK-43'],
  [3, 'COR-3S'],
  [1, 'COR-SET'],
  [12, 'SHE-250'],
  [5, 'SHE-1000'],
  [14, 'SOA-1'],
  [6, 'SOA-6'],
  [7, 'YAJ-MILD'],
  [9, 'YAJ-HOT'],
  [6, 'GAR-2'],
  [3, 'GAR-5'],
  [6, 'COF-BEAN'],
  [5, 'COF-GRND'],
  [1, 'DRM-S'],
  [3, 'AYO-STD'],
];

/** Of the orders until `now`. */
export function planHistory(shop: HistoryShop, now: number): Plan {
  const { random } = shop;
  const wanted = new Map<string, number>();
  const births: { at: number; plot: Plot; customer?: KnownCustomer }[] = [
    ...CERTAIN.map(([daysAgo, plot]) => ({ at: burst(shop, now - daysAgo * DAY_MS), plot })),
    ...FRESH.map(([hoursAgo, plot]) => ({ at: now - hoursAgo * HOUR_MS, plot })),
    ...openDisputes(now),
    ...UNREACHED_DAYS_AGO.map((daysAgo, index) => ({
      at: burst(shop, now - daysAgo * DAY_MS),
      plot: plots.delivered,
      ...unreachable(shop, index),
    })),
    ...ADAS_DAYS_AGO.map((daysAgo) => ({
      at: burst(shop, now - daysAgo * DAY_MS) + BURST_MS / 2,
      plot: plots.delivered,
      customer: shop.ada,
    })),
  ];
  while (births.length < COUNT) {
    // More and more orders a day.
    const daysAgo = 1 + (HISTORY_DAYS - 1) * random.next() ** 1.15;
    births.push({ at: burst(shop, now - daysAgo * DAY_MS), plot: weighted(shop, COMMON) });
  }
  births.sort((a, b) => a.at - b.at);
  const reachable = shop.customers.filter(({ email }) => !UNREACHABLE.some((one) => one === email));
  const turns = random.shuffle(reachable);
  const stories = births.map(({ at, plot, customer }, index) => {
    const lines = wish(shop, SEVERAL_UNITS.has(plot) ? 2 : 1);
    for (const { sku, quantity } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    // Each in turn, so that nobody fills one cart for two orders.
    const buyer = customer ?? turns[index % turns.length];
    if (buyer === undefined) throw new Error('the shop has no customers');
    return plot(new Life(shop, { at, customer: buyer, lines }));
  });
  return { stories, wanted };
}

/** Days on which those order whom no email reaches. */
const UNREACHED_DAYS_AGO = [5, 2] as const;
const ADAS_DAYS_AGO = [49, 21, 3] as const;

function openDisputes(now: number): { at: number; plot: Plot }[] {
  const bought = (daysAgo: number) => startOfBurst(now - daysAgo * DAY_MS);
  const openAt = now - 3 * HOUR_MS;
  return [
    { at: bought(12), plot: plots.disputed({ category: 'chargeback', openAt, hours: 12 }) },
    { at: bought(14), plot: plots.disputed({ category: 'general', part: 0.5, openAt, hours: 40 }) },
  ];
}

function unreachable({ customers }: HistoryShop, index: number): { customer?: KnownCustomer } {
  const customer = customers.find(({ email }) => email === UNREACHABLE[index]);
  return customer === undefined ? {} : { customer };
}

/** A time within a burst of that day. */
function burst({ random }: HistoryShop, time: number): number {
  return startOfBurst(time) + random.integer(0, BURST_MS);
}

function startOfBurst(time: number): number {
  const morning = startOfMorning(time);
  return morning + BURSTS_AFTER_MS[Math.floor(morning / DAY_MS) % 2 === 0 ? 0 : 1];
}

/** Their first line leaves one unit at a time. */
const SEVERAL_UNITS: ReadonlySet<Plot> = new Set([plots.inTwoParcels, plots.partShipped]);

function wish(shop: HistoryShop, least: number): Line[] {
  const { random } = shop;
  const skus = new Set(Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, () => weighted(shop, WISHES)));
  return [...skus].map((sku, index) => ({
    sku,
    quantity: index === 0 ? Math.max(least, random.pick([1, 1, 2, 3])) : 1,
  }));
}

function weighted<T>({ random }: HistoryShop, choices: readonly (readonly [number, T])[]): T {
  let left = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new Error('no choice has a weight');
}
