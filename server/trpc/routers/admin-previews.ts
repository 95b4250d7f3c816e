/**
 * admin: previews of the staff actions that move money, stock or goods. Each returns the effects that its action would have
 * now, and writes nothing. A mutation only because its input may be long.
 */
import type { Permission } from '../../../models/contract/permissions.ts';
import { actionPreview } from '../../../models/contract/staff/action-preview.ts';
import { previewCancelInput, previewRefundInput } from '../../../models/contract/staff/refunds.ts';
import { previewResolveReviewInput } from '../../../models/contract/staff-orders.ts';
import { decideCancel } from '../../../models/fulfilment/cancel-order.ts';
import { decideReview } from '../../../models/payment/review/review.ts';
import { withinRefundLimit } from '../../../models/refund/refund-limit.ts';
import { decideRefund } from '../../../models/refund/request-refund.ts';
import type { AppContext } from '../../context/app-context.ts';
import { previewChange, toCancelRequest, toRefundRequest, toReviewDecision } from '../staff-requests.ts';
import { router, staffProcedure } from '../trpc.ts';

/** The permission is that of the action itself. */
const preview = (permission: Permission) => staffProcedure(permission).output(actionPreview);

export const adminPreviewsRouter = router({
  previewCancel: preview('cancel')
    .input(previewCancelInput)
    .mutation(({ ctx: { app, user }, input }) => {
      const request = toCancelRequest(input, { user, ...fresh(app) });
      return previewChange(
        app,
        input.id,
        request.now,
        withinRefundLimit((order) => decideCancel(order, request), request.refundLimit),
      );
    }),

  previewRefund: preview('refund')
    .input(previewRefundInput)
    .mutation(({ ctx: { app, user }, input }) => {
      const request = toRefundRequest(input, { user, ...fresh(app) });
      return previewChange(
        app,
        input.id,
        request.now,
        withinRefundLimit((order) => decideRefund(order, request), request.refundLimit),
      );
    }),

  previewResolveReview: preview('resolveReview')
    .input(previewResolveReviewInput)
    .mutation(({ ctx: { app, user }, input }) => {
      const decision = toReviewDecision(input, { user, ...fresh(app), domain: app.config.paystackDomain });
      return previewChange(app, input.id, decision.now, (order) => decideReview(order, decision));
    }),
});

function fresh(app: AppContext): { now: Date; refundId: string } {
  return { now: app.clock.now(), refundId: app.random.id() };
}
