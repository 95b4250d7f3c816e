/**
 * sweep: finds every piece of pending work from the documents alone and runs the same code as the jobs. It completes the
 * work of lost jobs, webhooks, redirects and processes. Any number of workers may sweep at once.
 */
import { DEADLINES } from '../models/deadlines.ts';
import { rollUpSales } from '../models/figures/roll-up-sales.ts';
import { findDueWebhooks } from '../models/messaging/webhook-inbox.ts';
import { clearPictures } from '../models/pictures/clear-pictures.ts';
import { isSettlementDue } from '../models/settlement/settlement-queue.ts';
import { deleteOldRuns, ensureJobIndexes } from './agenda/job-collection.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import { runWorkLoop } from './concurrency/work-loop.ts';
import type { JobContext } from './context.ts';
import { queueDigestOfOrders } from './digest-of-orders.ts';
import { runDisputesOnce } from './disputes/process-disputes.ts';
import { applyWebhook } from './payments/apply-webhook.ts';
import { runRefundsOnce } from './process-refunds.ts';
import { repairSearch } from './search/repair-search.ts';
import { runEmailsOnce } from './send-emails.ts';
import { runSettlementOnce } from './settle-orders.ts';
import { verifyPendingOrders } from './verify-pending.ts';

/** Webhooks younger than this are left to the request that stored them. */
const LOWER_AGE_MS = 10_000;
/** Most apply without a call to Paystack. */
const WEBHOOK_CONCURRENCY = 4;
/** Pieces of work of each kind in one round. */
const LIMIT = 500;

type SweepKind =
  | 'settlement'
  | 'webhooks'
  | 'verify'
  | 'disputes'
  | 'digest'
  | 'emails'
  | 'refunds'
  | 'search'
  | 'figures'
  | 'pictures'
  | 'indexes';

export interface SweepRun {
  /** The number of pending pieces of work, by kind. */
  found: Partial<Record<SweepKind, number>>;
}

export interface SweepOptions {
  /** Tests sweep at once. */
  lowerAgeMs?: number;
}

/**
 * Settles what is due: a wake-up in memory may be lost with its process. Another run may have the lease, and
 * settles it then. Returns the number of settled orders.
 */
export async function sweepSettlement(ctx: JobContext): Promise<number> {
  if (!(await isSettlementDue(ctx.db, ctx.clock.now()))) return 0;
  const { confirmed, cancelled } = await runSettlementOnce(ctx, {}, { waitForLease: false });
  return confirmed + cancelled;
}

/** One round. A step that fails is logged and does not keep the others from running. */
export async function runSweepOnce(
  ctx: JobContext,
  { lowerAgeMs = LOWER_AGE_MS }: SweepOptions = {},
): Promise<SweepRun> {
  const found: SweepRun['found'] = {};
  const step = async (kind: SweepKind, work: () => Promise<number>) => {
    if (ctx.stopping.signal.aborted) return;
    try {
      const count = await work();
      found[kind] = (found[kind] ?? 0) + count;
      ctx.events.sweepFound({ kind, count });
    } catch (err) {
      ctx.log.error({ err, kind, job: 'sweep' }, 'a step of the sweep failed; the next round tries again');
    }
  };
  // Every round, with no age check: a paid order is never too young to be settled.
  const settle = () => step('settlement', () => sweepSettlement(ctx));
  // Before the calls to Paystack, which may hang, and after them, for the orders that they found to be paid.
  await settle();
  await step('webhooks', () => applyWaitingWebhooks(ctx, lowerAgeMs));
  await step('verify', () => verifyPendingOrders(ctx, LIMIT));
  await step('disputes', async () => {
    const { handled, alerts } = await runDisputesOnce(ctx, LIMIT);
    return handled + alerts;
  });
  await settle();
  await step('digest', () => queueDigestOfOrders(ctx));
  await step('emails', async () => (await runEmailsOnce(ctx, LIMIT)).sent);
  await step('refunds', async () => (await runRefundsOnce(ctx, LIMIT)).handled);
  await step('search', () => repairSearch(ctx, lowerAgeMs));
  await step('figures', async () => {
    await rollUp(ctx);
    return 0;
  });
  await step('pictures', () => clearPictures(ctx.db, ctx.clock.now()));
  await step('indexes', async () => {
    await ensureJobIndexes(ctx.db);
    await deleteOldRuns(ctx.db, startTimeBudget(ctx, DEADLINES.sweepOldRuns));
    return 0;
  });
  return { found };
}

/** A duty of the sweep, like the indexes: no work that was left undone. */
async function rollUp({ db, clock, config }: JobContext): Promise<void> {
  const { shopTimeZone: timeZone, paystackDomain: domain } = config;
  await rollUpSales(db, { now: clock.now(), timeZone, domain });
}

async function applyWaitingWebhooks(ctx: JobContext, lowerAgeMs: number): Promise<number> {
  const waiting = await findDueWebhooks(ctx.db, new Date(ctx.clock.now().getTime() - lowerAgeMs), LIMIT);
  let applied = 0;
  await runWorkLoop(ctx, waiting, {
    name: 'webhooks',
    concurrency: WEBHOOK_CONCURRENCY,
    isOver: startTimeBudget(ctx, DEADLINES.sweepWebhooks),
    work: async (event) => {
      await applyWebhook(ctx, event);
      applied += 1;
    },
    // applyWebhook counts its own failures, also within the request that delivers the event.
    countFailure: (_event, error) => Promise.reject(error),
    describe: ({ _id }) => ({ digest: _id }),
  });
  return applied;
}
