/**
 * admin, orders: what staff do. Each action stands in the order's history with who did it, answers with the order as it is
 * then, and may be pressed twice.
 */
import { Types } from 'mongoose';
import { z } from 'zod';
import { afterChange } from '../../../jobs/payments/after-change.ts';
import { cancelOrder } from '../../../models/fulfilment/cancel-order.ts';
import { deliverOrder } from '../../../models/fulfilment/deliver-order.ts';
import { shipOrder } from '../../../models/fulfilment/ship-order.ts';
import { resendEmail } from '../../../models/messaging/resend-email.ts';
import { getCommittedOrder, getOrder } from '../../../models/order/find-order.ts';
import { searchOrders } from '../../../models/order/list-orders.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { ORDER_STATUSES } from '../../../models/order/status.ts';
import { readTimeline } from '../../../models/order/timeline.ts';
import { resolveReview } from '../../../models/payment/review.ts';
import { requestRefund } from '../../../models/refund/request-refund.ts';
import { recordRefundPaidElsewhere, retryRefund } from '../../../models/refund/staff-refund-actions.ts';
import { restoreSettlement } from '../../../models/settlement/own-failures.ts';
import type { AppContext } from '../../context/app-context.ts';
import { cursor, email, instant, objectId, pageLimit, text } from '../schemas.ts';
import { router, staffProcedure } from '../trpc.ts';
import { staffOrderView, staffSummary, toStaffOrderView, toStaffSummary } from '../views/staff-order-view.ts';

const byId = z.strictObject({ id: objectId });
const orderId = (id: string) => new Types.ObjectId(id);

const refundId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be a refund id');
const reference = z.string().regex(/^[A-Za-z0-9.=-]{1,100}$/, 'must be a payment reference');

const search = z.strictObject({
  cursor: cursor.optional(),
  limit: pageLimit,
  status: z.enum(ORDER_STATUSES).optional(),
  email: email.optional(),
  code: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[0-9A-Z]{4,20}$/, 'must be an order number')
    .optional(),
  reference: reference.optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** Only what waits for a person: settlement parked, money in review, a refund that failed or needs attention. */
  attention: z.enum(['parked', 'review', 'refund']).optional(),
});

const staffAction = staffProcedure.output(staffOrderView);

export const adminOrdersRouter = router({
  orders: staffProcedure
    .input(search)
    .output(z.strictObject({ items: z.array(staffSummary), nextCursor: z.string().nullable() }))
    .query(async ({ ctx, input: { from, to, ...rest } }) => {
      const { items, nextCursor } = await searchOrders(ctx.app.db, {
        ...rest,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      });
      return { items: items.map(toStaffSummary), nextCursor };
    }),

  order: staffAction
    .input(byId)
    .query(async ({ ctx, input }) => view(ctx.app, await getCommittedOrder(ctx.app.db, orderId(input.id)))),

  ship: staffAction
    .input(z.strictObject({ id: objectId, carrier: text(100), trackingNumber: text(100) }))
    .mutation(({ ctx, input: { id, ...shipment } }) =>
      act(ctx.app, (now) => shipOrder(ctx.app.db, orderId(id), { ...shipment, actor: String(ctx.user._id), now })),
    ),

  deliver: staffAction
    .input(byId)
    .mutation(({ ctx, input }) =>
      act(ctx.app, (now) => deliverOrder(ctx.app.db, orderId(input.id), { actor: String(ctx.user._id), now })),
    ),

  /** A pending or confirmed order; its refund follows. `restock` is yes unless said otherwise. */
  cancel: staffAction
    .input(z.strictObject({ id: objectId, restock: z.boolean().optional() }))
    .mutation(({ ctx: { app, user }, input }) =>
      act(app, (now, refundId) =>
        cancelOrder(app.db, orderId(input.id), {
          reason: 'by_staff',
          actor: String(user._id),
          refundId,
          now,
          ...(input.restock === undefined ? {} : { restock: input.restock }),
        }),
      ),
    ),

  /**
   * `amount` in subunits; everything that is left of the charge when not given. `reference`: the charge, when not the one
   * that pays. `restock`: whether the units go back into stock once all is refunded; yes unless said otherwise, no once shipped.
   */
  refund: staffAction
    .input(
      z.strictObject({
        id: objectId,
        reference: reference.optional(),
        amount: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
        restock: z.boolean().optional(),
        reason: text(200),
      }),
    )
    .mutation(({ ctx: { app, user }, input }) =>
      act(
        app,
        (now, refundId) =>
          requestRefund(app.db, orderId(input.id), {
            reason: input.reason,
            actor: String(user._id),
            refundId,
            now,
            ...(input.reference === undefined ? {} : { reference: input.reference }),
            ...(input.amount === undefined ? {} : { amount: input.amount }),
            ...(input.restock === undefined ? {} : { restock: input.restock }),
          }),
        () => ({ refundKind: 'staff' }),
      ),
    ),

  /** A refund that needs attention and that Paystack never accepted is tried again. */
  retryRefund: staffAction
    .input(z.strictObject({ id: objectId, refundId }))
    .mutation(({ ctx, input }) =>
      act(ctx.app, (now) => retryRefund(ctx.app.db, orderId(input.id), input.refundId, String(ctx.user._id), now)),
    ),

  /** The customer has the money by another way than a refund that Paystack never accepted or that failed; `note` says how. */
  settleRefund: staffAction
    .input(z.strictObject({ id: objectId, refundId, note: text(200) }))
    .mutation(({ ctx: { app, user }, input: { id, ...input } }) =>
      act(app, (now) =>
        recordRefundPaidElsewhere(app.db, orderId(id), {
          ...input,
          newRefundId: app.random.id(),
          actor: String(user._id),
          now,
        }),
      ),
    ),

  /** Puts a parked order back into the settlement's queue: durably here, so that a lost job costs no more than time. */
  retrySettlement: staffAction.input(byId).mutation(({ ctx: { app, user }, input }) =>
    act(
      app,
      async (now) => {
        const id = orderId(input.id);
        await restoreSettlement(app.db, id, String(user._id), now);
        return getOrder(app.db, id);
      },
      ({ txRef }) => ({ settles: txRef }),
    ),
  ),

  resolveReview: staffAction
    .input(
      z.strictObject({
        id: objectId,
        reference,
        resolution: z.enum(['accept', 'refund']),
      }),
    )
    .mutation(({ ctx: { app, user }, input }) =>
      act(
        app,
        (now, refundId) =>
          resolveReview(app.db, orderId(input.id), {
            reference: input.reference,
            resolution: input.resolution,
            domain: app.config.paystackDomain,
            actor: String(user._id),
            refundId,
            now,
          }),
        () => ({ settles: input.reference }),
      ),
    ),

  /** Sends one of the order's emails once more. */
  resendEmail: staffAction
    .input(
      z.strictObject({
        id: objectId,
        key: z.string().regex(/^[0-9a-f]{24}:[a-z_]{1,40}:\d{1,9}$/, 'must be the key of an email'),
      }),
    )
    .mutation(({ ctx, input }) =>
      act(ctx.app, (now) =>
        resendEmail(ctx.app.db, orderId(input.id), input.key, { actor: String(ctx.user._id), now }),
      ),
    ),
});

/** Makes the change and returns the order as it is then. `refundId` becomes the id of the refund that the change requests. */
async function act(
  app: AppContext,
  change: (now: Date, refundId: string) => Promise<Order>,
  detailsOf: (order: Order) => { refundKind?: string; settles?: string } = () => ({}),
) {
  const refundId = app.random.id();
  const order = await change(app.clock.now(), refundId);
  await afterChange(app, order, { kind: 'requested', refundId, ...detailsOf(order) });
  return view(app, order);
}

async function view(app: AppContext, order: Order) {
  return toStaffOrderView(order, await readTimeline(app.db, order), app.clock.now());
}
