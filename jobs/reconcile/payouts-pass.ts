import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { isPaidOut, type PayoutReport } from '../../models/payout/payout-reports.ts';
import { findPayout, isNewReport, isToBeRead, storeUnpaidPayout } from '../../models/payout/store-payout.ts';
import { makeBalanceRefundsDue } from '../../models/refund/refund-queue.ts';
import type { JobContext } from '../context.ts';
import { readPayout } from './read-payout.ts';
import { eachPage, type Listed, type Pass, type RowResult } from './run-pass.ts';

const DAY_MS = 24 * 3600_000;
/** A payout may take days to reach the bank, and one that differs is read again meanwhile. */
const LOOK_BACK_MS = 14 * DAY_MS;
/** The first pass reads what an installation already had. */
const FIRST_LOOK_BACK_MS = 90 * DAY_MS;
/** Refunds that one payout brings forward. */
const MAX_REFUNDS = 500;

/** Payouts of the last days, each with its charges. */
export function payoutsPass(ctx: JobContext): Pass<PayoutReport> {
  return {
    name: 'payouts',
    everyMs: ctx.config.reconcileEveryMs,
    from: (last, now) =>
      last === null ? new Date(now.getTime() - FIRST_LOOK_BACK_MS) : new Date(last.getTime() - LOOK_BACK_MS),
    pages: ({ from }) => payoutPages(ctx, from),
    idOf: ({ payoutId }) => payoutId,
    apply: (report) => apply(ctx, report),
    // Paystack has no call for one payout: it is read once its row in the list can be.
    again: async (payoutId) => {
      const known = await findPayout(ctx.db, payoutId);
      if (known !== null && known.state === 'proved') return 'known';
      throw new GatewayError('malformed', null, 'The row of this payout in the list cannot be read.');
    },
  };
}

/** The list comes newest first, and Paystack may ignore filters: it ends at the first payout before `from`. */
async function* payoutPages(ctx: JobContext, from: Date): AsyncGenerator<Listed<PayoutReport>> {
  for await (const { payouts, unreadable } of eachPage((page) => ctx.paystack.listPayouts({ page }))) {
    const end = payouts.findIndex(({ createdAt, paidOn }) => (createdAt ?? paidOn ?? from) < from);
    yield { rows: end === -1 ? payouts : payouts.slice(0, end), unreadable };
    if (end !== -1) return;
  }
}

async function apply(ctx: JobContext, report: PayoutReport): Promise<RowResult> {
  const known = await findPayout(ctx.db, report.payoutId);
  if (!isPaidOut(report)) {
    if (known !== null && !isNewReport(known, report)) return 'known';
    await storeUnpaidPayout(ctx.db, report, ctx.clock.now());
    return 'applied';
  }
  if (!isToBeRead(known, report)) return 'known';
  const isNews = known === null || !isPaidOut(known);
  const payout = await readPayout(ctx, report, known);
  if (isNews) await hurryRefunds(ctx);
  return payout !== null && payout.state === known?.state ? 'unchanged' : 'applied';
}

/** Refunds are taken from the balance, and a payout has changed it. */
async function hurryRefunds(ctx: JobContext): Promise<void> {
  const count = await makeBalanceRefundsDue(ctx.db, ctx.clock.now(), MAX_REFUNDS);
  if (count > 0) await ctx.jobs.enqueueRefunds();
}
