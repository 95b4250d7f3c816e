import type { Router } from 'express';
import * as z from 'zod';
import {
  type ControlsOverHttp,
  deliveryView,
  filterSchema,
  handleJson,
  modeSchema,
  nothing,
} from './control-handler.ts';

export function mountWebhooks(app: Router, controls: ControlsOverHttp): void {
  app.get('/webhooks', (req, res) => {
    const filter = filterSchema.parse(req.query);
    res.json(controls.webhooks(filter).map(deliveryView));
  });
  app.put(
    '/webhook-url',
    handleJson(z.strictObject({ url: z.url().nullable() }), ({ url }) => controls.setWebhookUrl(url)),
  );
  app.post(
    '/webhooks/rules',
    handleJson(
      z.strictObject({
        event: z.string().optional(),
        reference: z.string().optional(),
        mode: modeSchema,
        times: z.number().int().min(1).optional(),
      }),
      (rule) => controls.scriptWebhooks(rule),
    ),
  );
  app.delete(
    '/webhooks/rules',
    handleJson(nothing, () => controls.clearWebhookRules()),
  );
  app.post(
    '/webhooks/release',
    handleJson(
      z.strictObject({
        reference: z.string().optional(),
        order: z.enum(['as-queued', 'reversed', 'shuffled']).optional(),
      }),
      async (input) => (await controls.releaseWebhooks(input)).map(deliveryView),
    ),
  );
  app.post(
    '/webhooks/send',
    handleJson(
      z.strictObject({
        event: z.string(),
        data: z.json().optional(),
        reference: z.string().optional(),
        rawBodyBase64: z.base64().optional(),
        key: z.string().optional(),
        signature: z.string().nullable().optional(),
      }),
      async ({ rawBodyBase64, ...input }) => {
        const rawBody = rawBodyBase64 === undefined ? undefined : Buffer.from(rawBodyBase64, 'base64');
        return deliveryView(await controls.sendWebhook({ ...input, rawBody }));
      },
    ),
  );
  app.post(
    '/webhooks/:id/resend',
    handleJson(nothing, async (_, req) => deliveryView(await controls.resendWebhook(Number(req.params.id)))),
  );
}
