/** Two REST routes for clients without tRPC. They call the procedures, so the same rules apply. */
import express, { Router } from 'express';
import type { ContextOf } from '../trpc/request-context.ts';
import { createCaller } from '../trpc/router.ts';

const MAX_BODY = '20kb';

export function orderRoutes(contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  router.post('/orders/initialize-payment', express.json({ limit: MAX_BODY }), async (req, res) => {
    res.json(await createCaller(contextOf(req)).orders.initializePayment(req.body));
  });
  router.get('/orders/:id', async (req, res) => {
    res.json(await createCaller(contextOf(req)).orders.get({ id: req.params.id }));
  });
  return router;
}
