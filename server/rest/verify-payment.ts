/**
 * GET /orders/verify-payment/:txRef: Paystack redirects the shopper's browser here after the payment. The route is public,
 * so it reveals only pending, paid, failed or cancelled, and whether staff look at the money. The visit itself proves nothing: Paystack's verify call does.
 * Programs get JSON. Browsers are redirected to the order's page at once, at the configured storefront only. The verify call
 * goes on behind them, and the page follows its result.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Router } from 'express';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { verifyPayment } from '../../jobs/payments/verify-payment.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { notFound } from '../../models/errors.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { stateOfPayment } from '../../models/order/queries/returned-payment.ts';
import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import type { AppContext } from '../context/app-context.ts';
import { isReturn, wantsPage } from '../http/pages/page-request.ts';
import { isReference } from '../paystack/reports.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { logFailure } from '../trpc/trpc.ts';

export function verifyPaymentRoute(ctx: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  const verifyBehind = createVerifyBehind(ctx);
  router.get('/orders/verify-payment/:txRef', async (req, res) => {
    const reference = req.params.txRef;
    const forBrowser = wantsPage(req);
    res.setHeader('cache-control', 'no-store');
    res.vary('Accept');
    const order = isReference(reference) ? await findOrderByReference(ctx.db, reference) : null;
    if (order === null) {
      // Guesses of programs count by their address. Many shoppers may share the one of a browser.
      if (!forBrowser) ctx.limits.countCall({ ip: contextOf(req).ip });
      throw notFound('Payment');
    }
    ctx.limits.countCall({ reference });
    if (forBrowser) {
      if (isUnpaid(order)) verifyBehind(reference);
      res.redirect(303, `${ctx.config.storefrontUrl}/orders/${order._id}`);
      return;
    }
    const current = isUnpaid(order) ? await verified(ctx, order, reference) : order;
    res.json({ txRef: reference, ...stateOfPayment(current, reference) });
  });
  // Without it the route of an order would take a cut link for the id of an order.
  router.use((req, _res, next) => next(isReturn(req) ? notFound('Payment') : undefined));
  return router;
}

/** More that wait than this only queue up: webhook, order page and sweep complete those payments. */
const MAX_BEHIND = 100;
/** The webhook usually comes first, and in a rush the redirects of others go before. */
const VERIFY_AFTER_MS = 1_500;

/** Has the payment verified for a browser that is already on its way to the order's page, unless it is known by then. */
function createVerifyBehind(ctx: AppContext): (reference: string) => void {
  let waiting = 0;
  const verifyIfUnpaid = async (reference: string) => {
    await delay(VERIFY_AFTER_MS, undefined, { signal: ctx.stopping.signal, ref: false });
    const order = await findOrderByReference(ctx.db, reference);
    if (order && isUnpaid(order)) await verified(ctx, order, reference);
  };
  return (reference) => {
    if (waiting >= MAX_BEHIND) return;
    waiting += 1;
    verifyIfUnpaid(reference)
      .catch((error: unknown) => {
        // A process that stops leaves the payment to the webhook and the sweep.
        if (!ctx.stopping.signal.aborted) logFailure({ app: ctx, requestId: null }, error, 'verify behind a redirect');
      })
      .finally(() => {
        waiting -= 1;
      });
  };
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
