/** GET /openapi.json: the REST routes as an OpenAPI 3.1 document. Its schemas are the contract's. */
import { Router } from 'express';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../models/contract/errors.ts';
import { initializePaymentInput, initializePaymentOutput, orderView } from '../../models/contract/orders.ts';
import { attachedFile } from '../../models/contract/staff/disputes/answers.ts';
import { sentPicture } from '../../models/contract/staff-catalogue.ts';
import { VERIFY_STATUSES } from '../../models/contract/statuses.ts';
import type { Config } from '../config/config.ts';
import { ERROR_STATUSES } from '../http/error-statuses.ts';

const verified = z.strictObject({
  txRef: z.string(),
  status: z.enum(VERIFY_STATUSES),
  inReview: z.literal(true).optional(),
});

/** The error replies of server/http/edge outside /trpc. */
const errorBody = z.strictObject({
  error: z.strictObject({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    details: z.unknown().optional(),
    requestId: z.string(),
  }),
});

const json = (schema: z.ZodType, io: 'input' | 'output' = 'output') => ({
  'application/json': { schema: z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) },
});
const ok = (description: string, schema: z.ZodType) => ({ 200: { description, content: json(schema) } });

/** The errors that every route may return; INVALID_INPUT is the reply to a token in the URL. */
const EVERYWHERE = ['INVALID_INPUT', 'RATE_LIMITED', 'INTERNAL', 'OVERLOADED'] as const;

/** The responses of these codes and of EVERYWHERE's by HTTP status, each described by its codes. */
function failures(...codes: ErrorCode[]): Record<number, { description: string; content: ReturnType<typeof json> }> {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of [...EVERYWHERE, ...codes]) {
    const { http } = ERROR_STATUSES[code];
    byStatus[http] = [...(byStatus[http] ?? []), code];
  }
  const content = json(errorBody);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, all]) => [status, { description: all.join(', '), content }]),
  );
}

const bearer = [{ bearer: [] }];

const BINARY = { type: 'string', format: 'binary' } as const;

const FILE = {
  required: true,
  content: { 'application/octet-stream': { schema: BINARY } },
} as const;

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } }) as const;

function picturePaths() {
  return {
    '/admin/pictures/': {
      post: {
        summary: 'Takes a JPEG, PNG, WebP or AVIF of at most 10 MB. admin.setPictures puts it into a product.',
        security: bearer,
        requestBody: FILE,
        responses: { ...ok('The id of the picture.', sentPicture), ...failures('UNAUTHENTICATED', 'FORBIDDEN') },
      },
    },
    '/admin/logo/': {
      post: {
        summary: 'Takes the logo of the shop, as /admin/pictures does. admin.setAppearance shows it.',
        security: bearer,
        requestBody: FILE,
        responses: { ...ok('The id of the logo.', sentPicture), ...failures('UNAUTHENTICATED', 'FORBIDDEN') },
      },
    },
    '/pictures/{pictureId}/{size}/': {
      get: {
        summary:
          'One size of a picture: 320.webp, 640.webp or 1280.webp by its width in pixels, or the small square mail.jpg. Of a logo: logo.png.',
        parameters: ['pictureId', 'size'].map(inPath),
        responses: {
          200: {
            description: 'The picture, for ever.',
            content: { 'image/webp': { schema: BINARY } },
          },
          ...failures('NOT_FOUND'),
        },
      },
    },
  };
}

function receiptPath() {
  return {
    '/orders/{id}/receipt.pdf': {
      get: {
        summary: 'The receipt of the caller’s own order, once it is paid.',
        security: bearer,
        parameters: [inPath('id')],
        responses: {
          200: { description: 'The receipt.', content: { 'application/pdf': { schema: BINARY } } },
          ...failures('UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'ORDER_STATE_CONFLICT'),
        },
      },
    },
  };
}

/** A table in UTF-8 with amounts in major units. Of the charges of one payout, `id` is Paystack's. */
function csv(summary: string, ...codes: ErrorCode[]) {
  const ofOne = codes.includes('NOT_FOUND');
  const table = {
    description: 'CSV with a header line.',
    content: { 'text/csv': { schema: { type: 'string' } } },
  } as const;
  return {
    get: {
      summary,
      security: bearer,
      ...(ofOne ? { parameters: [inPath('id')] } : {}),
      responses: { 200: table, ...failures('UNAUTHENTICATED', 'FORBIDDEN', ...codes) },
    },
  };
}

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
            ...failures(
              ...(['UNAUTHENTICATED', 'FORBIDDEN', 'CART_EMPTY', 'INSUFFICIENT_STOCK', 'PRICE_CHANGED'] as const),
              ...(['ORDER_STATE_CONFLICT', 'CHECKOUT_KEY_REUSED', 'TOO_MANY_UNPAID_ORDERS'] as const),
              ...(['GATEWAY_REJECTED', 'GATEWAY_UNAVAILABLE'] as const),
            ),
          },
        },
      },
      '/orders/verify-payment/{txRef}/': {
        get: {
          summary: 'Where Paystack sends the shopper back to. Browsers are sent on to the order’s page.',
          parameters: [inPath('txRef')],
          responses: {
            ...ok('How the payment stands.', verified),
            303: { description: 'To the order’s page, for browsers.' },
            ...failures('NOT_FOUND'),
          },
        },
      },
      ...picturePaths(),
      '/admin/dispute-files/{orderId}/': {
        post: {
          summary: 'Attaches a PDF, JPEG or PNG of at most 5 MB to an answer to a dispute, which names it by its id.',
          security: bearer,
          parameters: [inPath('orderId')],
          requestBody: FILE,
          responses: {
            ...ok('The id of the file.', attachedFile),
            ...failures('UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'),
          },
        },
      },
      '/admin/orders/list.csv': csv('Orders, oldest first: all, or of a list, or placed from one day to another.'),
      '/admin/products/list.csv': csv('The variants that are sold, with their products and stock.'),
      '/admin/payouts/list.csv': csv('All payouts, newest first.'),
      '/admin/payouts/{id}/charges.csv': csv('The charges in one payout.', 'NOT_FOUND'),
      ...receiptPath(),
      '/orders/{id}/': {
        get: {
          summary: 'The caller’s own order; somebody else’s is not found.',
          security: bearer,
          parameters: [inPath('id')],
          responses: {
            ...ok('The order.', orderView),
            ...failures('UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'),
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
