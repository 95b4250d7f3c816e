/** admin: Paystack's payouts to the shop's bank account, as the reconcile passes have read them. */
import {
  awaitedPayout,
  byPayoutId,
  payoutChargePage,
  payoutChargesInput,
  payoutPage,
  payoutSummary,
  payoutsInput,
  unpaidChargePage,
  unpaidChargesInput,
} from '../../../../models/contract/staff/payouts.ts';
import { findAwaitedPayout } from '../../../../models/payout/awaited-payout.ts';
import { getPayout, listPayoutLines, listPayouts, listUnpaidCharges } from '../../../../models/payout/list-payouts.ts';
import { router, staffProcedure } from '../../trpc.ts';
import { toAwaitedPayout, toPayoutCharge, toPayoutSummary, toUnpaidCharge } from '../../views/payout-view.ts';

export const adminPayoutsRouter = router({
  payouts: staffProcedure('viewPayouts')
    .input(payoutsInput)
    .output(payoutPage)
    .query(async ({ ctx, input }) => {
      const { items, nextCursor } = await listPayouts(ctx.app.db, input);
      return { items: items.map(toPayoutSummary), nextCursor };
    }),

  payout: staffProcedure('viewPayouts')
    .input(byPayoutId)
    .output(payoutSummary)
    .query(async ({ ctx, input }) => toPayoutSummary(await getPayout(ctx.app.db, input.id))),

  payoutCharges: staffProcedure('viewPayouts')
    .input(payoutChargesInput)
    .output(payoutChargePage)
    .query(async ({ ctx, input: { id, ...page } }) => {
      const { items, nextCursor } = await listPayoutLines(ctx.app.db, id, page);
      return { items: items.map(toPayoutCharge), nextCursor };
    }),

  /** The money that is captured and in no payout yet, as the last pass over the payouts has counted it. */
  awaitedPayout: staffProcedure('viewPayouts')
    .output(awaitedPayout)
    .query(async ({ ctx }) => toAwaitedPayout(await findAwaitedPayout(ctx.app.db))),

  /** Charges that were captured three business days ago and are in no payout, the oldest first. */
  unpaidCharges: staffProcedure('viewPayouts')
    .input(unpaidChargesInput)
    .output(unpaidChargePage)
    .query(async ({ ctx, input }) => {
      const { items, nextCursor, count } = await listUnpaidCharges(ctx.app.db, input);
      return { items: items.map(toUnpaidCharge), nextCursor, count };
    }),
});
