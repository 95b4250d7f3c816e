import { isConnectionError, isOrdersError, type OrdersErrorCode, responseOf } from './errors.ts';

/** Codes after which the same request may succeed a moment later. */
const TRANSIENT: ReadonlySet<OrdersErrorCode> = new Set(['OVERLOADED', 'RATE_LIMITED', 'GATEWAY_UNAVAILABLE']);

/** True for a failure that may not recur. It does not say whether the call is safe to repeat. */
export function isTransient(error: unknown): boolean {
  if (isOrdersError(error)) return TRANSIENT.has(error.data.code);
  if (!isConnectionError(error)) return false;
  // A proxy responded instead of the shop: its 502 is transient, its 404 is not.
  const status = responseOf(error)?.status;
  return status === undefined || status < 400 || status >= 500 || status === 429 || status === 408;
}

const FIRST_BACKOFF_MS = 250;

/**
 * Back-off before the next try, ms: exponential up to `maxMs`, half of it random, so that clients that failed together do
 * not retry together. Never shorter than the server's retryAfterMs or Retry-After.
 */
export function backoffMs(error: unknown, failures: number, maxMs: number): number {
  const limit = Math.min(maxMs, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  const backoff = limit / 2 + (Math.random() * limit) / 2;
  return Math.max(backoff, retryAfterMs(error) ?? 0);
}

/** The details take precedence: the header applies to a whole batch and counts in seconds. */
function retryAfterMs(error: unknown): number | null {
  if (isOrdersError(error, 'RATE_LIMITED') || isOrdersError(error, 'OVERLOADED'))
    return error.data.details.retryAfterMs;
  const seconds = Number(responseOf(error)?.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : null;
}
