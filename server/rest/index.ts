/** The plain Express routes beside tRPC: what Paystack calls, what clients without tRPC call, and what operators call. */
import { Router } from 'express';
import type { AppContext } from '../context/app-context.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { openApiRoute } from './openapi.ts';
import { opsRoutes } from './ops.ts';
import { orderRoutes } from './orders.ts';
import { paystackWebhookRoute } from './paystack-webhook.ts';
import { verifyPaymentRoute } from './verify-payment.ts';

/** What REST routes may use besides the context. */
export interface RestTools {
  /** The request's context, for `createCaller` of server/trpc/router. */
  contextOf: ContextOf;
}

/** Express is not strict about a trailing slash, so each route answers with and without. */
export function restRoutes(ctx: AppContext, { contextOf }: RestTools): Router {
  const router = Router({ caseSensitive: true });
  router.use(opsRoutes(ctx));
  router.use(openApiRoute(ctx.config));
  router.use(paystackWebhookRoute(ctx));
  router.use(verifyPaymentRoute(ctx, contextOf));
  router.use(orderRoutes(contextOf));
  return router;
}
