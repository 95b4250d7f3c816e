/**
 * GET /orders/verify-payment/:txRef: Paystack redirects the shopper's browser here after the payment. The route is public,
 * so it reveals only pending, paid, failed or cancelled. The visit itself proves nothing: Paystack's verify call does.
 * Programs get JSON. Browsers are redirected to the order's page, at the configured storefront only.
 */
import { type Request, type Response, Router } from 'express';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { verifyPayment } from '../../jobs/payments/verify-payment.ts';
import type { VerifyStatus } from '../../models/contract/statuses.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { notFound } from '../../models/errors.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import type { AppContext } from '../context/app-context.ts';
import { isReference } from '../paystack/reports.ts';
import type { ContextOf } from '../trpc/request-context.ts';

export function verifyPaymentRoute(ctx: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  router.get('/orders/verify-payment/:txRef', async (req, res) => {
    ctx.limits.countCall({ ip: contextOf(req).ip });
    const { order, reference } = await getOrderOf(ctx, req.params.txRef);
    const current = isUnpaid(order) ? await verified(ctx, order, reference) : order;
    answer(ctx, req, res, current, reference);
  });
  return router;
}

/** Throws NOT_FOUND for unknown and malformed references, without a call to Paystack. */
async function getOrderOf(ctx: AppContext, reference: string): Promise<{ order: Order; reference: string }> {
  const order = isReference(reference) ? await findOrderByReference(ctx.db, reference) : null;
  if (!order) throw notFound('Payment');
  return { order, reference };
}

function isUnpaid({ status, paymentStatus }: Order): boolean {
  return status === 'pending' && paymentStatus === 'unpaid';
}

/**
 * The order after Paystack's verify call, or as it is if the time budget ends first. The call runs on and its result is
 * recorded; if it fails, webhook and sweep complete the payment.
 */
function verified(ctx: AppContext, order: Order, reference: string): Promise<Order> {
  const verification = verifyPayment(ctx, reference, 'redirect').then(
    ({ order: updated }) => updated ?? order,
    (error: unknown) => {
      if (isGatewayError(error)) return order;
      throw error;
    },
  );
  return withTimeout(verification, DEADLINES.verifyPage, () => order);
}

function answer(ctx: AppContext, req: Request, res: Response, order: Order, reference: string): void {
  res.setHeader('cache-control', 'no-store');
  if (req.accepts(['json', 'html']) === 'html') {
    res.redirect(303, `${ctx.config.storefrontUrl}/orders/${order._id}`);
    return;
  }
  res.json({ txRef: reference, status: toStatus(order, reference) });
}

function toStatus(order: Order, reference: string): VerifyStatus {
  if (order.status === 'cancelled') return 'cancelled';
  if (order.status !== 'pending' || order.paymentStatus === 'paid') return 'paid';
  return order.paymentStatus === 'unpaid' && findAttempt(order, reference)?.status === 'failed' ? 'failed' : 'pending';
}
