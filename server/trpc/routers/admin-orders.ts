/**
 * admin: the staff's actions on orders. The order's history records each action with the staff member's id. Each action
 * returns the changed order and may be repeated.
 */
import { Types } from 'mongoose';
import { orderCounts } from '../../../models/contract/desk/order-lists.ts';
import { byId } from '../../../models/contract/fields.ts';
import type { Permission } from '../../../models/contract/permissions.ts';
import { failedEmailPage, failedEmailsInput } from '../../../models/contract/staff/lists.ts';
import { staffCancelInput } from '../../../models/contract/staff/refunds.ts';
import {
  resolveReviewInput,
  staffOrderPage,
  staffOrdersInput,
  staffOrderView,
} from '../../../models/contract/staff-orders.ts';
import { cancelOrder } from '../../../models/fulfilment/cancel-order.ts';
import { findFailedEmails } from '../../../models/messaging/failed-emails.ts';
import { staffActor } from '../../../models/order/history.ts';
import { countOrderLists } from '../../../models/order/queries/count-lists.ts';
import { getCommittedOrder, getOrder } from '../../../models/order/queries/find-order.ts';
import { searchOrders } from '../../../models/order/queries/search-orders.ts';
import { retryStuck } from '../../../models/order/stuck/retry-stuck.ts';
import { resolveReview } from '../../../models/payment/review/review.ts';
import { restoreSettlement } from '../../../models/settlement/restore-settlement.ts';
import { endOfDay, startOfDay } from '../../../models/shop-time.ts';
import type { AppContext } from '../../context/app-context.ts';
import { actOnOrder, viewForStaff } from '../act-on-order.ts';
import { expectedBy, toCancelRequest, toReviewDecision } from '../staff-requests.ts';
import { router, staffProcedure } from '../trpc.ts';
import { toFailedEmail, toStaffSummary } from '../views/staff-order-view.ts';

const orderId = (id: string) => new Types.ObjectId(id);

const staffAction = (permission: Permission) => staffProcedure(permission).output(staffOrderView);

export const adminOrdersRouter = router({
  orders: staffProcedure('viewOrders')
    .input(staffOrdersInput)
    .output(staffOrderPage)
    .query(async ({ ctx, input: { from, to, ...rest } }) => {
      const { items, ...page } = await searchOrders(ctx.app.db, {
        ...rest,
        from: from === undefined ? undefined : toInstant(from, ctx.app.config, startOfDay),
        to: to === undefined ? undefined : toInstant(to, ctx.app.config, endOfDay),
      });
      const { paystackDomain } = ctx.app.config;
      return { items: items.map((order) => toStaffSummary(order, paystackDomain)), ...page };
    }),

  /** The numbers of the tabs. */
  orderCounts: staffProcedure('viewOrders')
    .output(orderCounts)
    .query(({ ctx }) => countOrderLists(ctx.app.db)),

  /** Emails that were not sent or did not arrive, the oldest failure first; 30 days long those that are about no order. */
  failedEmails: staffProcedure('viewOrders')
    .input(failedEmailsInput)
    .output(failedEmailPage)
    .query(async ({ ctx, input }) => {
      const { items, nextCursor } = await findFailedEmails(ctx.app.db, { ...input, now: ctx.app.clock.now() });
      return { items: items.map(toFailedEmail), nextCursor };
    }),

  order: staffAction('viewOrders')
    .input(byId)
    .query(async ({ ctx, input }) => viewForStaff(ctx, await getCommittedOrder(ctx.app.db, orderId(input.id)))),

  /**
   * Cancels a pending order, or a confirmed one of which nothing was shipped. All that is left of its payment is refunded.
   * `restockRest` defaults to true: the units go back into stock.
   */
  cancel: staffAction('cancel')
    .input(staffCancelInput)
    .mutation(({ ctx: { app, user }, input: { expect, ...input } }) =>
      actOnOrder({ app, user }, async (now, refundId) =>
        cancelOrder(
          app.db,
          orderId(input.id),
          toCancelRequest(input, { user, now, refundId }),
          await expectedBy(app, { expect }, now),
        ),
      ),
    ),

  /** Puts a parked order back into the settlement queue. The order stores that, so a lost job costs only time. */
  retrySettlement: staffAction('retrySettlement')
    .input(byId)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder(
        { app, user },
        async (now) => {
          const id = orderId(input.id);
          await restoreSettlement(app.db, id, staffActor(user._id), now);
          return getOrder(app.db, id);
        },
        ({ txRef }) => ({ settles: txRef }),
      ),
    ),

  /** Tries again what failed eight times on this order: its refunds, its verification, its webhooks. */
  retryStuck: staffAction('retryStuck')
    .input(byId)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder({ app, user }, (now) => retryStuck(app.db, orderId(input.id), staffActor(user._id), now)),
    ),

  resolveReview: staffAction('resolveReview')
    .input(resolveReviewInput)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder(
        { app, user },
        async (now, refundId) =>
          resolveReview(
            app.db,
            orderId(input.id),
            toReviewDecision(input, { user, now, refundId, domain: app.config.paystackDomain }),
            await expectedBy(app, input, now),
          ),
        () => ({ settles: input.reference }),
      ),
    ),
});

/** A day is one of the shop's time zone; `edgeOf` says which end of it is meant. */
function toInstant(
  text: string,
  { shopTimeZone }: AppContext['config'],
  edgeOf: (day: string, timeZone: string) => Date,
): Date {
  return text.includes('T') ? new Date(text) : edgeOf(text, shopTimeZone);
}
