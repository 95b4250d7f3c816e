import type { Request, RequestHandler } from 'express';
import * as z from 'zod';
import { apiRoutes } from '../api/fault-script.ts';
import { Refusal } from '../ledger/refusal.ts';
import type { PaystackSandbox } from '../sandbox.ts';
import type { WebhookDelivery } from '../webhooks/webhook-sender.ts';

export const modeSchema = z.union([
  z.enum(['send', 'lose', 'duplicate', 'hold']),
  z.strictObject({ delayMs: z.number().min(0) }),
]);
export type ControlsOverHttp = Omit<PaystackSandbox, 'url' | 'uploadUrl' | 'port' | 'close'>;

export function deliveryView({ body, ...rest }: WebhookDelivery): object {
  return { ...rest, bodyBase64: body.toString('base64') };
}

/** Express passes a rejection of the handler to the app's error handler. */
export function handleJson<T>(schema: z.ZodType<T>, work: (input: T, req: Request) => unknown): RequestHandler {
  return async (req, res) => {
    const input = schema.safeParse(req.body ?? {});
    if (!input.success) throw new Refusal(400, 'invalid_params', z.prettifyError(input.error));
    res.json((await work(input.data, req)) ?? {});
  };
}

export const nothing = z.looseObject({});
export const filterSchema = z.object({
  route: z.enum(apiRoutes).optional(),
  event: z.string().optional(),
  reference: z.string().optional(),
});
