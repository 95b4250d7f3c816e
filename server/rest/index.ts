/** The Express routes beside tRPC: for Paystack, and for clients without tRPC. */
import { Router } from 'express';
import type { AppContext } from '../context/app-context.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { disputeFileRoute } from './dispute-files.ts';
import { exportRoutes } from './exports/export-routes.ts';
import { openApiRoute } from './openapi.ts';
import { orderRoutes } from './orders.ts';
import { payoutRoutes } from './payouts.ts';
import { paystackWebhookRoute } from './paystack-webhook.ts';
import { pictureRoutes } from './pictures.ts';
import { receiptRoute } from './receipts.ts';
import { sendGridEventsRoute } from './sendgrid-events.ts';
import { verifyPaymentRoute } from './verify-payment.ts';

export interface RestTools {
  /** Gives the context for `createCaller` of server/trpc/router. */
  contextOf: ContextOf;
}

/** Express ignores a trailing slash, so each route matches with and without one. */
export function restRoutes(ctx: AppContext, { contextOf }: RestTools): Router {
  const router = Router({ caseSensitive: true });
  router.use(openApiRoute(ctx.config));
  router.use(paystackWebhookRoute(ctx));
  router.use(sendGridEventsRoute(ctx));
  router.use(verifyPaymentRoute(ctx, contextOf));
  router.use(orderRoutes(contextOf));
  router.use(receiptRoute(ctx, contextOf));
  router.use(disputeFileRoute(ctx, contextOf));
  router.use(payoutRoutes(ctx, contextOf));
  router.use(exportRoutes(ctx, contextOf));
  router.use(pictureRoutes(ctx, contextOf));
  return router;
}
