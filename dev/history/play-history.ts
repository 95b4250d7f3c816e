/**
 * The last 60 days of a shop, played by its own code on a clock that is moved. Customers, staff, Paystack and banks act, and
 * the jobs run at night. Nothing is written into the database by other means.
 */
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { verifyPendingOrders } from '../../jobs/verify-pending.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { addPictures, drawPictures } from './add-pictures.ts';
import { at, callAs, type HistoryShop, openHistoryShop } from './history-shop.ts';
import { MORNING_MS, startOfMorning } from './life.ts';
import type { MovedClock } from './moved-clock.ts';
import { UNREACHABLE } from './people.ts';
import { planHistory } from './plan.ts';
import { runStories, type Story } from './scheduler.ts';
import { SeededRandom } from './seeded-random.ts';
import { collectWakeUps, runDisputesPass, runJobs, runPasses, settle } from './work.ts';

export interface HistoryOptions {
  ctx: AppContext;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  /** Of `ctx`, sandbox and mailbox. It stands where openingTime says, and afterwards where the history ends. */
  clock: MovedClock;
  /** Where the history ends. */
  endsAt: Date;
  signal: AbortSignal;
  /** Called at the end of each day with the number of days that were played. */
  onDay?: (days: number) => void;
}

const DAY_MS = 24 * 3600_000;
const SEED = 20_261_128;

export async function playHistory({
  ctx,
  sandbox,
  mailbox,
  clock,
  endsAt,
  signal,
  onDay,
}: HistoryOptions): Promise<void> {
  const now = endsAt.getTime();
  const opensAt = clock.now().getTime();
  const woken = collectWakeUps(ctx);
  // The clock stands still between steps, so a cached answer would survive into the next one.
  ctx.verifications = new SingleFlight(0, clock);
  for (const to of UNREACHABLE) mailbox.script({ to, fault: { kind: 'bad-address' } });
  const pictures = drawPictures();
  // It is awaited below, after something else may have failed.
  pictures.catch(() => undefined);
  const shop = await openHistoryShop({ ctx, sandbox, mailbox, random: new SeededRandom(SEED) }, new Date(opensAt));
  const { stories, wanted } = planHistory(shop, now);
  await setUp(shop, wanted, opensAt);
  await addPictures(shop, await pictures, opensAt);
  const jobs = new Beside();
  const night = new Beside();
  const afterStep = async (time: number) => {
    const then = at(ctx, time);
    await Promise.all([woken.has('settlement') ? settle(then) : undefined, jobs.done()]);
    jobs.begin(runJobs(then, new Set(woken)));
    woken.clear();
  };
  const all = [...stories, nights(shop, night, { opensAt, onDay })];
  await runStories(all, { clock, endAt: now, stepMs: MORNING_MS, afterStep, signal });
  await Promise.all([jobs.done(), night.done()]);
  clock.moveTo(now);
  if (!signal.aborted) await comeToToday(shop);
}

/** Work that goes on beside the next steps. */
class Beside {
  #work: Promise<unknown> = Promise.resolve();

  begin(work: Promise<unknown>): void {
    this.#work = work;
    // It is awaited by `done`, after something else may have failed.
    work.catch(() => undefined);
  }

  async done(): Promise<void> {
    await this.#work;
  }
}

interface Nights {
  opensAt: number;
  onDay: HistoryOptions['onDay'];
}

/** After the last orders of a day. */
const NIGHT_AFTER_MS = 14.5 * 3600_000;
const NIGHTS_A_READING = 4;

async function setUp(shop: HistoryShop, wanted: ReadonlyMap<string, number>, opensAt: number): Promise<void> {
  const { owner, packer } = shop.staff;
  const carriers = [
    { name: 'Red Rider Couriers', trackingUrl: 'https://red-rider.example/parcels/{tracking}' },
    { name: 'Atlantic Parcels', trackingUrl: 'https://atlantic-parcels.example/track?number={tracking}' },
  ];
  await callAs(shop, owner, opensAt).admin.setCarriers({ version: 0, carriers });
  for (const [sku, delta] of wanted) {
    const variantId = shop.variants.get(sku) ?? '';
    const reason = 'The season’s delivery';
    await callAs(shop, packer, opensAt).admin.adjustStock({ variantId, delta, reason, key: `history-${sku}` });
  }
}

/** Each night Paystack pays out, and the jobs do their work of the day, beside the next morning's. */
async function* nights({ ctx, sandbox }: HistoryShop, beside: Beside, { opensAt, onDay }: Nights): Story {
  for (let day = 0; ; day += 1) {
    const time = startOfMorning(opensAt) + day * DAY_MS + NIGHT_AFTER_MS;
    yield time;
    await beside.done();
    sandbox.advanceClock(0);
    const then = at(ctx, time);
    // Staff answer them in the morning.
    await runDisputesPass(then);
    beside.begin(workAtNight(then, day));
    onDay?.(day);
  }
}

async function workAtNight(then: AppContext, day: number): Promise<void> {
  const lists = day % NIGHTS_A_READING === 0 ? runPasses(then) : undefined;
  await Promise.all([verifyPendingOrders(then, 500), lists]);
  await runJobs(then);
}

/** All lists of Paystack, and all that the sweep does, so that the shop opens with nothing left over. */
async function comeToToday({ ctx }: HistoryShop): Promise<void> {
  await runReconcileOnce(ctx, { force: true });
  await runSweepOnce(ctx, { lowerAgeMs: 0 });
  await ctx.search.idle();
}
