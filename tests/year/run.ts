/** A year of a shop, hour by hour, on a clock that is moved on. */

import { runJobs, runPasses, settle } from '../../dev/history/work.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { verifyPendingOrders } from '../../jobs/verify-pending.ts';
import { DAY_MS, HOUR_MS } from '../support/shopping.ts';
import { type Books, closeBooks } from './books.ts';
import type { Sales } from './customers.ts';
import type { MarketReport } from './market-steps.ts';
import { answerDisputes, attend, newStaffWork, type StaffWork, workADay } from './staff.ts';
import { startYearShop, type YearShop } from './year-shop.ts';

export interface YearOptions {
  seed: number;
  orders: number;
  days: number;
  say: (line: string) => void;
}

export interface YearResult extends Pick<MarketReport, 'sales' | 'outside'> {
  staff: StaffWork;
  emails: number;
  books: Books;
}

const HALF_A_DAY_MS = 12 * HOUR_MS;
/** A sweep also compares thousands of orders with their search rows, so the jobs run without it on other days. */
const DAYS_BETWEEN_SWEEPS = 5;
const MOST_VERIFIED = 500;
/** All lists, the one of 30 days included, as after a longer outage; the short ones are compared each day. */
const DAYS_BETWEEN_RECONCILES = 10;
const MONTH = 30;
/** More rounds than any year has needed. Unfinished work is then in the report. */
const MOST_ROUNDS = 40;

export async function runYear({ seed, orders, days, say }: YearOptions): Promise<YearResult> {
  const shop = await startYearShop(seed);
  const staff = newStaffWork();
  try {
    for (let day = 1; day <= days; day += 1) {
      const until = (time: number) => ordersUntil(time, days, orders);
      const sold = await liveADay(shop, staff, { day, noon: until(day - 0.5), night: until(day) });
      if (day % MONTH === 0) say(`day ${day}: ${sold.orders} orders, ${sold.paid} paid`);
    }
    await comeToRest(shop, staff);
    say('the year is over, and the books are closed');
    const { sales, outside, ...records } = await shop.market.report();
    const books = await closeBooks(shop, records);
    return { sales, outside, staff, emails: shop.mails.length, books };
  } finally {
    await shop.stop();
  }
}

/** Evenly, so that refused checkouts are made up for on the next day. */
const ordersUntil = (time: number, days: number, orders: number): number => Math.round((orders * time) / days);

const sweep = (shop: YearShop) => runSweepOnce(shop.ctx, { lowerAgeMs: 0 });

interface Day {
  day: number;
  /** How many orders are placed in all by then. */
  noon: number;
  night: number;
}

async function liveADay(
  shop: YearShop,
  staff: StaffWork,
  { day, noon, night }: Day,
): Promise<Pick<Sales, 'orders' | 'paid'>> {
  const { market, ctx } = shop;
  await market.beginDay();
  // Workers and staff go on while people buy.
  await Promise.all([
    market.sellUntil(noon),
    runJobs(ctx),
    workOffTheNight(shop, staff, day),
    answerDisputes(shop, staff, 0.5),
  ]);
  await settle(ctx);
  await shop.pass(HALF_A_DAY_MS);
  const [sold] = await Promise.all([
    market.sellUntil(night),
    runJobs(ctx),
    workADay(shop, staff),
    answerDisputes(shop, staff, 0.5),
  ]);
  await settle(ctx);
  await shop.pass(HALF_A_DAY_MS);
  await market.endDay();
  return sold;
}

async function workOffTheNight(shop: YearShop, staff: StaffWork, day: number): Promise<void> {
  const { ctx } = shop;
  await Promise.all([verifyPendingOrders(ctx, MOST_VERIFIED), attend(shop, staff), runPasses(ctx)]);
  if (day % DAYS_BETWEEN_SWEEPS === 0) await sweep(shop);
  if (day % DAYS_BETWEEN_RECONCILES === 0) await runReconcileOnce(ctx);
}

/** Ends every fault, decides every dispute, and lets days pass until no work is left and all is paid out. */
async function comeToRest(shop: YearShop, staff: StaffWork): Promise<void> {
  const { market, ctx } = shop;
  await market.endFaults();
  for (let round = 1; round <= MOST_ROUNDS && (round <= 6 || (await isBusy(shop))); round += 1) {
    await answerDisputes(shop, staff, 1);
    await attend(shop, staff);
    await market.decide();
    await shop.pass(HALF_A_DAY_MS);
    await sweep(shop);
  }
  // Past two weekends: the last charges are settled and paid out.
  for (let days = 0; days < 7; days += 1) await shop.pass(DAY_MS);
  await runReconcileOnce(ctx, { force: true });
  await sweep(shop);
}

async function isBusy({ db, market }: YearShop): Promise<boolean> {
  const busy = await Promise.all([
    db.orders.exists({ status: 'pending' }),
    db.orders.exists({ reviewSince: { $exists: true } }),
    db.orders.exists({ 'disputes.state': 'open' }),
    db.orders.exists({ 'refunds.state': { $in: ['requested', 'pending', 'needs_attention'] } }),
    db.emails.exists({ state: 'queued' }),
  ]);
  return (await market.hasOpenDispute()) || busy.some((found) => found !== null);
}
