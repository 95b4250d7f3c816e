/** GET /openapi.json: the REST routes as an OpenAPI 3.1 document, its schemas taken from the procedures' own. */
import { Router } from 'express';
import { z } from 'zod';
import { ERROR_CODES } from '../../models/errors.ts';
import type { Config } from '../config.ts';
import { orderView } from '../order-view.ts';
import { initializePaymentInput, initializePaymentOutput } from '../routers/orders.ts';
import { VERIFY_STATUSES } from './verify-payment.ts';

const verified = z.strictObject({ txRef: z.string(), status: z.enum(VERIFY_STATUSES) });

/** As server/edge answers outside of /trpc. */
const errorBody = z.strictObject({
  error: z.strictObject({
    code: z.enum(Object.keys(ERROR_CODES) as [keyof typeof ERROR_CODES]),
    message: z.string(),
    details: z.unknown().optional(),
    requestId: z.string(),
  }),
});

const json = (schema: z.ZodType, io: 'input' | 'output' = 'output') => ({
  'application/json': { schema: z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) },
});
const ok = (description: string, schema: z.ZodType) => ({ 200: { description, content: json(schema) } });
const failure = (description: string) => ({ description, content: json(errorBody) });
const bearer = [{ bearer: [] }];

/** The document for a shop at `publicUrl`. Pure. */
export function openApiDocument(publicUrl: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1', description: 'Amounts are integers in the subunit of their currency.' },
    servers: [{ url: publicUrl }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths: {
      '/orders/initialize-payment/': {
        post: {
          summary:
            'Turns the cart into an order and opens a page to pay it; the same checkoutKey resumes the same order.',
          security: bearer,
          requestBody: { required: true, content: json(initializePaymentInput, 'input') },
          responses: {
            ...ok('The page to send the shopper to.', initializePaymentOutput),
            400: failure('INVALID_INPUT, CART_EMPTY'),
            401: failure('UNAUTHENTICATED'),
            409: failure(
              'INSUFFICIENT_STOCK, PRICE_CHANGED, ORDER_STATE_CONFLICT, CHECKOUT_KEY_REUSED, TOO_MANY_UNPAID_ORDERS',
            ),
            429: failure('RATE_LIMITED'),
            502: failure('GATEWAY_REJECTED'),
            503: failure('GATEWAY_UNAVAILABLE, OVERLOADED'),
          },
        },
      },
      '/orders/verify-payment/{txRef}/': {
        get: {
          summary: 'Where Paystack sends the shopper back to. Browsers are sent on to the order’s page.',
          parameters: [{ name: 'txRef', in: 'path', required: true, schema: { type: 'string' } }],
          responses: {
            ...ok('How the payment stands.', verified),
            303: { description: 'To the order’s page, for browsers.' },
            404: failure('NOT_FOUND'),
            429: failure('RATE_LIMITED'),
          },
        },
      },
      '/orders/{id}/': {
        get: {
          summary: 'The caller’s own order.',
          security: bearer,
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: {
            ...ok('The order.', orderView),
            400: failure('INVALID_INPUT'),
            401: failure('UNAUTHENTICATED'),
            404: failure('NOT_FOUND, also for somebody else’s'),
            429: failure('RATE_LIMITED'),
          },
        },
      },
    },
  };
}

export function openApiRoute({ publicUrl }: Config): Router {
  const document = openApiDocument(publicUrl);
  const router = Router({ caseSensitive: true });
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  return router;
}
