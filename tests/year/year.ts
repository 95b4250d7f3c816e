/** A year of a shop, day by day on the sandbox's clock, and what must be true of its books at the end. */
import { runAuditOnce } from '../../jobs/audit/run-audit.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { SeededRandom } from '../faults/chaos/random.ts';
import { compareBooks, type YearBooks } from './books.ts';
import { type Outside, outsideOf } from './outside.ts';
import { DAY_MS, openYearShop, type YearShop } from './shop.ts';
import { buyMany, type Purchases } from './shoppers.ts';
import { workAsStaff } from './staff.ts';

export interface YearOptions {
  orders: number;
  days: number;
  seed: number;
  say: (line: string) => void;
}

const SHOPPERS = 300;
/** With a few orders each, until the last refund and dispute has ended, so that payouts can take what went back. */
const CALM_DAYS = 25;
const CALM_ORDERS = 4;
/** Until the last charge is paid out. */
const LAST_DAYS = 6;

export async function playYear({ orders, days, seed, say }: YearOptions): Promise<YearBooks> {
  const shop = await openYearShop(SHOPPERS);
  try {
    const random = new SeededRandom(seed);
    const outside = outsideOf(shop, random);
    let bought = 0;
    for (let day = 1; day <= days; day += 1) {
      const until = Math.round((orders * day) / days);
      await playDay(shop, random, outside, { count: until - bought, calm: false });
      bought = until;
      if (day % 30 === 0) say(`day ${day}: ${bought} orders`);
    }
    outside.end();
    for (let day = 0; day < CALM_DAYS + LAST_DAYS; day += 1)
      await playDay(shop, random, outside, { count: day < CALM_DAYS ? CALM_ORDERS : 0, calm: true });
    return await compareBooks(shop, outside.refundedOutside);
  } finally {
    await shop.stop();
  }
}

async function playDay(
  shop: YearShop,
  random: SeededRandom,
  outside: Outside,
  { count, calm }: Purchases,
): Promise<void> {
  if (!calm) outside.beginDay();
  await workAsStaff(shop, random, calm);
  outside.paid(await buyMany(shop, random, { count: Math.ceil(count / 2), calm }));
  await work(shop);
  outside.paid(await buyMany(shop, random, { count: Math.floor(count / 2), calm }));
  if (!calm) await outside.happen();
  await work(shop);
  await later(shop);
  await runSweepOnce(shop.ctx, { lowerAgeMs: 0 });
  await runReconcileOnce(shop.ctx);
  await outside.answer();
  await later(shop);
  // Once in ten days the whole audit has gone round.
  if (random.chance(0.1)) await runAuditOnce(shop.ctx);
}

/** Half a day passes. A sweep in each half would find no more than one a day: webhooks are lost for a whole day. */
async function later(shop: YearShop): Promise<void> {
  shop.sandbox.advanceClock(DAY_MS / 2);
  await shop.sandbox.webhooksIdle();
  await work(shop);
}

/** The jobs that wake-ups would have run at once. */
async function work({ ctx, sandbox }: YearShop): Promise<void> {
  while ((await runSettlementOnce(ctx)).again);
  while ((await runRefundsOnce(ctx)).again);
  await sandbox.webhooksIdle();
  while ((await runEmailsOnce(ctx)).again);
}
