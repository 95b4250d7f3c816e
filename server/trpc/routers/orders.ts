/** orders: checkout and the caller's own orders. Another user's order gets the same reply as one that does not exist. */
import { Types } from 'mongoose';
import { afterChange } from '../../../jobs/payments/after-change.ts';
import { initializePayment } from '../../../jobs/payments/initialize-payment.ts';
import { rememberAddress } from '../../../models/accounts/profile/saved-addresses.ts';
import type { Account } from '../../../models/accounts/user.ts';
import type { Address } from '../../../models/address/address.ts';
import { readAddress } from '../../../models/address/read-address.ts';
import { asCompared } from '../../../models/checkout/find-by-checkout-key.ts';
import { byId, streamOf } from '../../../models/contract/fields.ts';
import {
  initializePaymentInput,
  initializePaymentOutput,
  orderPage,
  ordersInput,
  orderView,
} from '../../../models/contract/orders.ts';
import { cancelOrder } from '../../../models/fulfilment/cancel-order.ts';
import { getOrderOfUser } from '../../../models/order/queries/find-order.ts';
import { findOrdersOfUser } from '../../../models/order/queries/list-orders.ts';
import type { AppContext } from '../../context/app-context.ts';
import { subscribeToOrder } from '../../live/order-subscription.ts';
import { customerProcedure, recheckOf, router, shopperProcedure } from '../trpc.ts';
import { toOrderView, toOwnSummary } from '../views/order-view.ts';

export const ordersRouter = router({
  /**
   * Turns the cart into an order with a payment page. The same checkoutKey resumes the same order. CART_EMPTY,
   * INSUFFICIENT_STOCK, PRICE_CHANGED, CHECKOUT_KEY_REUSED, TOO_MANY_UNPAID_ORDERS, ORDER_STATE_CONFLICT,
   * GATEWAY_UNAVAILABLE, GATEWAY_REJECTED.
   */
  initializePayment: shopperProcedure
    .input(initializePaymentInput)
    .output(initializePaymentOutput)
    .mutation(async ({ ctx, input }) => {
      const { _id: id, email, name } = ctx.user;
      const { expectedTotal, expectedCurrency, ...sent } = input;
      const shippingAddress = readAddress(input.shippingAddress, 'shippingAddress');
      // Beside the call to Paystack, so that the shopper does not wait for it.
      const keeping = keepAddress(ctx, shippingAddress);
      const { order, reference, authorizationUrl, accessCode } = await initializePayment(ctx.app, {
        user: { id, email, name },
        shippingAddress,
        checkoutKey: input.checkoutKey,
        cart: ctx.cart,
        sent: { ...sent, shippingAddress: asCompared(shippingAddress) },
        ...(expectedTotal === undefined ? {} : { expectedTotal }),
        ...(expectedCurrency === undefined ? {} : { expectedCurrency }),
      });
      await keeping;
      return {
        orderId: String(order._id),
        code: order.code,
        txRef: reference,
        authorizationUrl,
        accessCode,
        amount: order.total,
        currency: order.currency,
        expiresAt: order.expiresAt.toISOString(),
      };
    }),

  /** NOT_FOUND, also for another user's order. */
  get: customerProcedure
    .input(byId)
    .output(orderView)
    .query(async ({ ctx, input }) => {
      const order = await getOrderOfUser(ctx.app.db, new Types.ObjectId(input.id), ctx.user._id);
      return toOrderView(order, ctx.app.clock.now());
    }),

  /** The caller's orders, newest first. */
  list: customerProcedure
    .input(ordersInput)
    .output(orderPage)
    .query(async ({ ctx, input }) => {
      const { items, nextCursor } = await findOrdersOfUser(ctx.app.db, ctx.user._id, input);
      return { items: items.map(toOwnSummary), nextCursor };
    }),

  /** Cancels a pending order and refunds any payment. A repeat changes nothing. ORDER_STATE_CONFLICT once confirmed. */
  cancel: customerProcedure
    .input(byId)
    .output(orderView)
    .mutation(async ({ ctx, input }) => {
      const { app, user } = ctx;
      const orderId = new Types.ObjectId(input.id);
      await getOrderOfUser(app.db, orderId, user._id);
      const now = app.clock.now();
      const refundId = app.random.id();
      const request = { reason: 'by_customer', actor: 'customer', refundId, now } as const;
      const order = await cancelOrder(app.db, orderId, request);
      await afterChange(app, order, { kind: 'requested', refundId });
      return toOrderView(order, now);
    }),

  /** Server-sent events: the current order, then the order after each change. 5 per user, 15 minutes each. */
  watch: customerProcedure
    .input(byId)
    .output(streamOf(orderView))
    .subscription(async function* ({ ctx, input, signal }) {
      const orderId = new Types.ObjectId(input.id);
      yield* subscribeToOrder(ctx.app, {
        orderId,
        userId: ctx.user._id,
        signal: signal ?? new AbortController().signal,
        recheck: recheckOf(ctx),
      });
    }),
});

/** The account offers the address at the next checkout. The order stands without it. */
async function keepAddress({ app, user }: { app: AppContext; user: Account }, address: Address): Promise<void> {
  try {
    await rememberAddress(app.db, user._id, address, { newId: app.random.id(), now: app.clock.now() });
  } catch (err) {
    app.log.warn({ err, component: 'accounts' }, 'the address of an order was not kept for the next one');
  }
}
