/**
 * What can go wrong, as the server tells it: one closed union of codes, each with its details. A call fails with tRPC's
 * TRPCClientError; isOrdersError tells whether the shop answered, and with what.
 */
import { TRPCClientError } from '@trpc/client';
import type { AppRouter, ErrorCode, ErrorDetails } from './router.ts';

export type OrdersErrorCode = ErrorCode;
export type { ErrorDetails };
/** One line of the cart that stock does not cover. */
export type Shortage = ErrorDetails['INSUFFICIENT_STOCK']['shortages'][number];

/** Narrowing `code` narrows `details` with it. */
export type OrdersErrorData<C extends OrdersErrorCode = OrdersErrorCode> = {
  [K in C]: {
    readonly code: K;
    readonly httpStatus: number;
    /** What the code carries beside its message; undefined for codes that carry nothing. */
    readonly details: K extends keyof ErrorDetails ? ErrorDetails[K] : undefined;
    /** Names the request in the server's log; null when it was refused before it had a name. */
    readonly requestId: string | null;
  };
}[C];

/** `message` may be shown to the shopper. */
export interface OrdersError<C extends OrdersErrorCode = OrdersErrorCode> extends Error {
  readonly data: OrdersErrorData<C>;
  readonly shape: TRPCClientError<AppRouter>['shape'];
}

/** Whether the code carries details. Typed so that a code that the server gains is missed by the compiler here. */
const HAS_DETAILS: { readonly [C in OrdersErrorCode]: C extends keyof ErrorDetails ? true : false } = {
  INVALID_INPUT: true,
  CART_EMPTY: false,
  UNAUTHENTICATED: false,
  FORBIDDEN: false,
  NOT_FOUND: false,
  INSUFFICIENT_STOCK: true,
  PRICE_CHANGED: true,
  ORDER_STATE_CONFLICT: true,
  CHECKOUT_KEY_REUSED: false,
  TOO_MANY_UNPAID_ORDERS: true,
  REFUND_EXCEEDS_PAYMENT: true,
  RATE_LIMITED: true,
  GATEWAY_REJECTED: false,
  GATEWAY_UNAVAILABLE: false,
  OVERLOADED: true,
  INTERNAL: true,
};

/**
 * True when the shop answered with an error, of the given code where one is given; then `error.data.details` has the
 * code's type. False for failures of the network, for time-outs, and for codes that this version does not know.
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
 * True when no answer of the shop came: the network is down, the time is up, or something between answered in its
 * place. Whether the call was carried out is then unknown.
 */
export function isConnectionError(error: unknown): boolean {
  return error instanceof TRPCClientError && !isRecord(error.data) && !isAborted(error);
}

/** A refusal that came before the input was read has no issues to list; said so, its details have their type too. */
export function withDetails(error: TRPCClientError<AppRouter>): TRPCClientError<AppRouter> {
  const { data } = error;
  if (data?.code === 'INVALID_INPUT' && data.details === undefined) data.details = { issues: [] };
  return error;
}

/** For a reply that is not the shop's: a proxy's error page, say. Keeps the reply, for its status and Retry-After. */
export function foreignAnswer(response: Response): TRPCClientError<AppRouter> {
  return TRPCClientError.from(new Error(`HTTP ${response.status} came, but no answer of the shop.`), {
    meta: { response },
  });
}

/** The reply behind an error, where one came. */
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
