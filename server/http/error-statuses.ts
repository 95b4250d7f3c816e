import type { ErrorCode } from '../../models/contract/errors.ts';

/** How each code is sent: tRPC's own code and the HTTP status. */
export const ERROR_STATUSES = {
  INVALID_INPUT: { http: 400, trpc: 'BAD_REQUEST' },
  CART_EMPTY: { http: 400, trpc: 'BAD_REQUEST' },
  UNAUTHENTICATED: { http: 401, trpc: 'UNAUTHORIZED' },
  FORBIDDEN: { http: 403, trpc: 'FORBIDDEN' },
  NOT_FOUND: { http: 404, trpc: 'NOT_FOUND' },
  INSUFFICIENT_STOCK: { http: 409, trpc: 'CONFLICT' },
  PRICE_CHANGED: { http: 409, trpc: 'CONFLICT' },
  ORDER_STATE_CONFLICT: { http: 409, trpc: 'CONFLICT' },
  PREVIEW_OUTDATED: { http: 409, trpc: 'CONFLICT' },
  CHECKOUT_KEY_REUSED: { http: 409, trpc: 'CONFLICT' },
  ACTION_KEY_REUSED: { http: 409, trpc: 'CONFLICT' },
  TOO_MANY_UNPAID_ORDERS: { http: 409, trpc: 'CONFLICT' },
  REFUND_EXCEEDS_PAYMENT: { http: 422, trpc: 'UNPROCESSABLE_CONTENT' },
  RATE_LIMITED: { http: 429, trpc: 'TOO_MANY_REQUESTS' },
  GATEWAY_REJECTED: { http: 502, trpc: 'BAD_GATEWAY' },
  GATEWAY_UNAVAILABLE: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  OVERLOADED: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  INTERNAL: { http: 500, trpc: 'INTERNAL_SERVER_ERROR' },
} as const satisfies Record<ErrorCode, { http: number; trpc: string }>;
