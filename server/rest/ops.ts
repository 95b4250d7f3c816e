/** For operators and load balancers: /livez (the event loop turns), /readyz (this process can do its work), /metrics. */
import { Router } from 'express';
import type { AppContext } from '../context/app-context.ts';
import { createReadiness } from '../observability/readiness.ts';

export function opsRoutes(ctx: AppContext): Router {
  const checkReadiness = createReadiness(ctx);
  const router = Router({ caseSensitive: true });
  router.get('/livez', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    const { ready, failed } = await checkReadiness();
    // Warnings are for people: a process that works despite them stays in service.
    const warnings = ctx.warnings.size === 0 ? {} : { warnings: [...ctx.warnings] };
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'not ready', failed, ...warnings });
  });
  router.get('/metrics', async (_req, res) => {
    await ctx.refreshGauges();
    res.type(ctx.events.registry.contentType).send(await ctx.events.registry.metrics());
  });
  return router;
}
