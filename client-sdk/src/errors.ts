/**
 * The server's error codes, a closed union, each with its details. A call fails with tRPC's TRPCClientError;
 * isOrdersError narrows it to an error that the shop returned.
 */
import { TRPCClientError } from '@trpc/client';
import type { AppRouter, ErrorCode, ErrorDetails } from './router.ts';

export type OrdersErrorCode = ErrorCode;
export type { ErrorDetails };
/** A cart line whose quantity exceeds the stock. */
export type Shortage = ErrorDetails['INSUFFICIENT_STOCK']['shortages'][number];

/** Narrowing `code` also narrows `details`. */
export type OrdersErrorData<C extends OrdersErrorCode = OrdersErrorCode> = {
  [K in C]: {
    readonly code: K;
    readonly httpStatus: number;
    /** Data of this code beside its message; undefined for codes without any. */
    readonly details: K extends keyof ErrorDetails ? ErrorDetails[K] : undefined;
    /** Identifies the request in the server's log; null when it was rejected before it had an id. */
    readonly requestId: string | null;
  };
}[C];

/** `message` is safe to show to the shopper. */
export interface OrdersError<C extends OrdersErrorCode = OrdersErrorCode> extends Error {
  readonly data: OrdersErrorData<C>;
  readonly shape: TRPCClientError<AppRouter>['shape'];
}

/** Whether a code has details. The mapped type makes a new code of the server a compile error here. */
const HAS_DETAILS: { readonly [C in OrdersErrorCode]: C extends keyof ErrorDetails ? true : false } = {
  INVALID_INPUT: true,
  CART_EMPTY: false,
  UNAUTHENTICATED: false,
  FORBIDDEN: false,
  NOT_FOUND: false,
  INSUFFICIENT_STOCK: true,
  PRICE_CHANGED: true,
  ORDER_STATE_CONFLICT: true,
  PREVIEW_OUTDATED: true,
  CHECKOUT_KEY_REUSED: false,
  ACTION_KEY_REUSED: false,
  TOO_MANY_UNPAID_ORDERS: true,
  REFUND_EXCEEDS_PAYMENT: true,
  RATE_LIMITED: true,
  GATEWAY_REJECTED: false,
  GATEWAY_UNAVAILABLE: false,
  OVERLOADED: true,
  INTERNAL: true,
};

/**
 * True when the shop returned an error, and it has `code` if one is given; `error.data.details` then has the type of
 * that code. False for network failures, timeouts, and codes that this version does not list.
 */
export function isOrdersError<C extends OrdersErrorCode = OrdersErrorCode>(
  error: unknown,
  code?: C,
): error is OrdersError<C> {
  if (!(error instanceof TRPCClientError)) return false;
  const data: unknown = error.data;
  if (!isRecord(data) || typeof data.code !== 'string' || !isCode(data.code)) return false;
  if (HAS_DETAILS[data.code] && !isRecord(data.details)) return false;
  return code === undefined || data.code === code;
}

/**
 * True when the shop returned no response: the network is down, the call timed out, or a proxy responded instead.
 * Whether the call was executed is then unknown.
 */
export function isConnectionError(error: unknown): boolean {
  return error instanceof TRPCClientError && !isRecord(error.data) && !isAborted(error);
}

/** Adds an empty list of issues to an INVALID_INPUT that was raised before the input was parsed, as its type requires. */
export function withDetails(error: TRPCClientError<AppRouter>): TRPCClientError<AppRouter> {
  const { data } = error;
  if (data?.code === 'INVALID_INPUT' && data.details === undefined) data.details = { issues: [] };
  return error;
}

/** The error for a response that is not the shop's, such as a proxy's error page. It keeps the status and Retry-After. */
export function unexpectedResponse(response: Response): TRPCClientError<AppRouter> {
  return TRPCClientError.from(new Error(`HTTP ${response.status} came, but no answer of the shop.`), {
    meta: { response },
  });
}

/** The response that caused an error, if there was one. */
export function responseOf(error: unknown): Response | undefined {
  const response: unknown = error instanceof TRPCClientError ? error.meta?.response : undefined;
  return response instanceof Response ? response : undefined;
}

function isAborted({ cause }: TRPCClientError<AppRouter>): boolean {
  return cause?.name === 'AbortError';
}

function isCode(code: string): code is OrdersErrorCode {
  return Object.hasOwn(HAS_DETAILS, code);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
