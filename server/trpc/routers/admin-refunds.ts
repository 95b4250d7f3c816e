/** admin: refunds. Each action returns the changed order. */
import { Types } from 'mongoose';
import { afterChange } from '../../../jobs/payments/after-change.ts';
import { sendRefundAccount } from '../../../jobs/payments/send-refund-account.ts';
import { toActionKey } from '../../../models/action-key.ts';
import type { Permission } from '../../../models/contract/permissions.ts';
import {
  refundBanks,
  refundBanksInput,
  refundInput,
  retryRefundInput,
  sendRefundAccountInput,
} from '../../../models/contract/staff/refunds.ts';
import {
  recordPaidElsewhereInput,
  recordRefundPaidElsewhereInput,
  staffOrderView,
} from '../../../models/contract/staff-orders.ts';
import { staffActor } from '../../../models/order/history.ts';
import { recordPaidElsewhere } from '../../../models/refund/outside/record-paid-elsewhere.ts';
import { requestRefund } from '../../../models/refund/request-refund.ts';
import { recordRefundPaidElsewhere, retryRefund } from '../../../models/refund/staff-refund-actions.ts';
import { actOnOrder, viewForStaff } from '../act-on-order.ts';
import { expectedBy, toPaidElsewhere, toRefundRequest } from '../staff-requests.ts';
import { router, staffProcedure } from '../trpc.ts';

const orderId = (id: string) => new Types.ObjectId(id);

const staffAction = (permission: Permission) => staffProcedure(permission).output(staffOrderView);

export const adminRefundsRouter = router({
  /**
   * Refunds an order's payment by lines, with or without the delivery fee, or by an amount alone. The units leave the order
   * and go into stock at once, and stay so if the refund fails. A repeat of the `key` takes no effect.
   */
  refund: staffAction('refund')
    .input(refundInput)
    .mutation(async ({ ctx, input: { key, expect, ...input } }) => {
      const { app, user } = ctx;
      const now = app.clock.now();
      const request = toRefundRequest(input, { user, now, refundId: key });
      const { order, changed } = await requestRefund(app.db, orderId(input.id), request, {
        key: toActionKey(key, input),
        expected: await expectedBy(app, { expect }, now),
      });
      if (changed) await afterChange(app, order, { kind: 'requested', refundId: key });
      return viewForStaff({ app, user }, order);
    }),

  /** Tries a refund again that needs attention and that Paystack never accepted. */
  retryRefund: staffAction('retryRefund')
    .input(retryRefundInput)
    .mutation(({ ctx, input }) =>
      actOnOrder(ctx, (now) =>
        retryRefund(ctx.app.db, orderId(input.id), input.refundId, staffActor(ctx.user._id), now),
      ),
    ),

  /** The banks that a refund of this currency can go to. */
  refundBanks: staffProcedure('retryRefund')
    .input(refundBanksInput)
    .output(refundBanks)
    .query(({ ctx, input }) => ctx.app.paystack.listBanks(input)),

  /** Sends the customer's bank account to Paystack, for a refund that needs it. It is stored and logged nowhere. */
  sendRefundAccount: staffAction('retryRefund')
    .input(sendRefundAccountInput)
    .mutation(async ({ ctx: { app, user }, input: { id, refundId, ...account } }) =>
      viewForStaff(
        { app, user },
        await sendRefundAccount(app, orderId(id), { refundId, account, actor: staffActor(user._id) }),
      ),
    ),

  /**
   * Records that the customer has the money another way than by this refund, which failed or which Paystack never
   * accepted. `note` explains how.
   */
  recordRefundPaidElsewhere: staffAction('recordPaidElsewhere')
    .input(recordRefundPaidElsewhereInput)
    .mutation(({ ctx: { app, user }, input: { id, ...input } }) =>
      actOnOrder({ app, user }, (now) =>
        recordRefundPaidElsewhere(app.db, orderId(id), {
          ...input,
          newRefundId: app.random.id(),
          actor: staffActor(user._id),
          now,
        }),
      ),
    ),

  /**
   * Records a payment to the customer outside Paystack for which no refund was requested. `key` names the action: a repeat
   * changes nothing.
   */
  recordPaidElsewhere: staffAction('recordPaidElsewhere')
    .input(recordPaidElsewhereInput)
    .mutation(({ ctx: { app, user }, input }) =>
      actOnOrder({ app, user }, (now) =>
        recordPaidElsewhere(app.db, orderId(input.id), toPaidElsewhere(input, { user, now })),
      ),
    ),
});
