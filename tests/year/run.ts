/** A year of a shop, hour by hour, on a clock that is moved on. */

import { runJobs, runPasses, settle } from '../../dev/history/work.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { verifyPendingOrders } from '../../jobs/verify-pending.ts';
import { DAY_MS, HOUR_MS, sweep } from '../support/shopping.ts';
import { type Books, closeBooks } from './books.ts';
import { newSales, payLate, type Sales, sell } from './customers.ts';
import {
  decideDisputes,
  nothingOutside,
  type Outside,
  openDisputes,
  refundAtDashboard,
  scriptFaults,
} from './outside.ts';
import { answerDisputes, attend, newStaffWork, type StaffWork, workADay } from './staff.ts';
import { startYearShop, type YearShop } from './year-shop.ts';

export interface YearOptions {
  seed: number;
  orders: number;
  days: number;
  say: (line: string) => void;
}

export interface YearResult {
  sales: Sales;
  outside: Outside;
  staff: StaffWork;
  emails: number;
  books: Books;
}

const STEPS_A_DAY = 2;
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
  const [sales, outside, staff] = [newSales(), nothingOutside(), newStaffWork()];
  try {
    for (let day = 1; day <= days; day += 1) {
      await liveADay(shop, { sales, outside, staff }, ordersUntil(day, days, orders) - sales.orders);
      if (day % DAYS_BETWEEN_SWEEPS === 0) await sweep(shop);
      if (day % DAYS_BETWEEN_RECONCILES === 0) await runReconcileOnce(shop.ctx);
      if (day % MONTH === 0)
        say(`day ${day}: ${sales.orders} orders, ${sales.paid} paid, ${outside.disputes} disputes`);
    }
    await comeToRest(shop, outside, staff);
    say('the year is over, and the books are closed');
    const books = await closeBooks(shop);
    return { sales, outside, staff, emails: shop.mails.length, books };
  } finally {
    await shop.stop();
  }
}

/** Evenly, so that refused checkouts are made up for on the next day. */
const ordersUntil = (day: number, days: number, orders: number): number => Math.round((orders * day) / days);

interface Lives {
  sales: Sales;
  outside: Outside;
  staff: StaffWork;
}

async function liveADay(shop: YearShop, { sales, outside, staff }: Lives, orders: number): Promise<void> {
  scriptFaults(shop, outside);
  payLate(shop, sales);
  for (let step = 1; step <= STEPS_A_DAY; step += 1) {
    const count = Math.ceil((orders * step) / STEPS_A_DAY) - Math.ceil((orders * (step - 1)) / STEPS_A_DAY);
    // The workers go on while people buy.
    await Promise.all([sell(shop, sales, count), runJobs(shop.ctx)]);
    const paid = sales.lately.splice(0);
    openDisputes(shop, outside, paid);
    await refundAtDashboard(shop, outside, paid);
    await Promise.all([
      settle(shop.ctx),
      step === 2 ? workADay(shop, staff) : undefined,
      answerDisputes(shop, staff, 0.5),
    ]);
    await shop.pass((24 / STEPS_A_DAY) * HOUR_MS);
  }
  decideDisputes(shop, outside);
  shop.sandbox.finishRefunds();
  await shop.sandbox.webhooksIdle();
  await shop.sandbox.releaseWebhooks({ order: 'shuffled', random: () => shop.random.next() });
  shop.sandbox.clearWebhookRules();
  await Promise.all([verifyPendingOrders(shop.ctx, MOST_VERIFIED), attend(shop, staff), runPasses(shop.ctx)]);
}

/** Ends every fault, decides every dispute, and lets days pass until no work is left and all is paid out. */
async function comeToRest(shop: YearShop, outside: Outside, staff: StaffWork): Promise<void> {
  const { sandbox, ctx } = shop;
  sandbox.clearScript();
  sandbox.clearWebhookRules();
  for (let round = 1; round <= MOST_ROUNDS && (round <= 6 || (await isBusy(shop))); round += 1) {
    decideDisputes(shop, outside);
    await answerDisputes(shop, staff, 1);
    await attend(shop, staff);
    sandbox.finishRefunds();
    await shop.pass(12 * HOUR_MS);
    await sweep(shop);
  }
  // Past two weekends: the last charges are settled and paid out.
  for (let days = 0; days < 7; days += 1) await shop.pass(DAY_MS);
  await runReconcileOnce(ctx, { force: true });
  await sweep(shop);
  await shop.sandbox.webhooksIdle();
}

async function isBusy({ db, sandbox }: YearShop): Promise<boolean> {
  const busy = await Promise.all([
    db.orders.exists({ status: 'pending' }),
    db.orders.exists({ reviewSince: { $exists: true } }),
    db.orders.exists({ 'disputes.state': 'open' }),
    db.orders.exists({ 'refunds.state': { $in: ['requested', 'pending', 'needs_attention'] } }),
    db.emails.exists({ state: 'queued' }),
  ]);
  const isOpen = (['awaiting-merchant-feedback', 'awaiting-bank-feedback', 'pending'] as const).some(
    (status) => sandbox.disputes(status).length > 0,
  );
  return isOpen || busy.some((found) => found !== null);
}
