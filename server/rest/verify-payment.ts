/**
 * GET /orders/verify-payment/:txRef: where Paystack sends the shopper's browser after paying. Public, so it tells anyone no
 * more than pending, paid, failed or cancelled; the visit itself proves nothing, Paystack is asked. Programs get JSON;
 * browsers go on to the order's page at the configured storefront, whatever the request's own parameters say.
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
    const current = needsAsking(order) ? await ask(ctx, order, reference) : order;
    answer(ctx, req, res, current, reference);
  });
  return router;
}

/** Unknown and malformed references are answered without asking Paystack. */
async function getOrderOf(ctx: AppContext, reference: string): Promise<{ order: Order; reference: string }> {
  const order = isReference(reference) ? await findOrderByReference(ctx.db, reference) : null;
  if (!order) throw notFound('Payment');
  return { order, reference };
}

function needsAsking({ status, paymentStatus }: Order): boolean {
  return status === 'pending' && paymentStatus === 'unpaid';
}

/**
 * A crowd asks once (jobs/payments/verify-payment). Without an answer in time the order is told as it stands; the question goes on
 * and its answer is recorded, or webhook and sweep will tell.
 */
function ask(ctx: AppContext, order: Order, reference: string): Promise<Order> {
  const asked = verifyPayment(ctx, reference, 'redirect').then(
    ({ order: told }) => told ?? order,
    (error: unknown) => {
      if (isGatewayError(error)) return order;
      throw error;
    },
  );
  return withTimeout(asked, DEADLINES.verifyPage, () => order);
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
