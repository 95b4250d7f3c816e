/**
 * Every failure that a caller may see, as one closed union of codes with one map to tRPC and HTTP.
 * `message` and `details` are safe to show to anybody; `internal` and `cause` are for our log only and never leave the process.
 */

export const ERROR_CODES = {
  INVALID_INPUT: { http: 400, trpc: 'BAD_REQUEST' },
  CART_EMPTY: { http: 400, trpc: 'BAD_REQUEST' },
  UNAUTHENTICATED: { http: 401, trpc: 'UNAUTHORIZED' },
  FORBIDDEN: { http: 403, trpc: 'FORBIDDEN' },
  NOT_FOUND: { http: 404, trpc: 'NOT_FOUND' },
  INSUFFICIENT_STOCK: { http: 409, trpc: 'CONFLICT' },
  PRICE_CHANGED: { http: 409, trpc: 'CONFLICT' },
  ORDER_STATE_CONFLICT: { http: 409, trpc: 'CONFLICT' },
  CHECKOUT_KEY_REUSED: { http: 409, trpc: 'CONFLICT' },
  TOO_MANY_UNPAID_ORDERS: { http: 409, trpc: 'CONFLICT' },
  REFUND_EXCEEDS_PAYMENT: { http: 422, trpc: 'UNPROCESSABLE_CONTENT' },
  RATE_LIMITED: { http: 429, trpc: 'TOO_MANY_REQUESTS' },
  GATEWAY_REJECTED: { http: 502, trpc: 'BAD_GATEWAY' },
  GATEWAY_UNAVAILABLE: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  OVERLOADED: { http: 503, trpc: 'SERVICE_UNAVAILABLE' },
  INTERNAL: { http: 500, trpc: 'INTERNAL_SERVER_ERROR' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One line of a cart or order that stock does not cover. */
export interface Shortage {
  variantId: string;
  sku: string;
  requested: number;
  available: number;
}

/** What a code carries beside its message. Codes that are not listed carry nothing. */
export interface ErrorDetails {
  /** `path` is the input's path joined by dots, e.g. `shippingAddress.city`. */
  INVALID_INPUT: { issues: { path: string; message: string }[] };
  INSUFFICIENT_STOCK: { shortages: Shortage[] };
  /** Amounts in the currency's subunit. */
  PRICE_CHANGED: { expectedTotal: number; total: number; currency: string };
  ORDER_STATE_CONFLICT: { status: string; paymentStatus: string };
  TOO_MANY_UNPAID_ORDERS: { orders: { id: string; code: string }[] };
  /** Amounts in the currency's subunit. */
  REFUND_EXCEEDS_PAYMENT: { refundable: number; currency: string };
  RATE_LIMITED: { retryAfterMs: number };
  OVERLOADED: { retryAfterMs: number };
  INTERNAL: { requestId: string };
}

export type DetailsOf<C extends ErrorCode> = C extends keyof ErrorDetails ? ErrorDetails[C] : undefined;

interface AppErrorOptions<C extends ErrorCode> {
  details?: DetailsOf<C>;
  internal?: Record<string, unknown>;
  cause?: unknown;
}

export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: DetailsOf<C> | undefined;
  readonly internal: Record<string, unknown> | undefined;

  constructor(code: C, message: string, options: AppErrorOptions<C> = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
    this.internal = options.internal;
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code].http;
  }
}

/** True when `error` is an AppError, of the given code where one is given. */
export function isAppError<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is AppError<C> {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The 404 for what does not exist and for what belongs to somebody else: the two must not be told apart. */
export function notFound(what: string): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', `${what} not found.`);
}

/** A single field's error, in the shape that schema validation also produces. */
export function invalidInput(path: string, message: string): AppError<'INVALID_INPUT'> {
  return new AppError('INVALID_INPUT', `${path}: ${message}`, { details: { issues: [{ path, message }] } });
}
