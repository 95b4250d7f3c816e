/** When a failed call may be tried again, and after how long. Shared by calls and by subscriptions. */
import { isConnectionError, isOrdersError, type OrdersErrorCode, responseOf } from './errors.ts';

/** Answers that say "not now": the same request may well be answered in a moment. */
const PASSING: ReadonlySet<OrdersErrorCode> = new Set(['OVERLOADED', 'RATE_LIMITED', 'GATEWAY_UNAVAILABLE']);

/** True when the failure may pass by itself. Says nothing of whether the call is safe to repeat. */
export function isPassing(error: unknown): boolean {
  if (isOrdersError(error)) return PASSING.has(error.data.code);
  if (!isConnectionError(error)) return false;
  // Something between us and the shop answered in its place: a proxy's 502 passes, its 404 does not.
  const status = responseOf(error)?.status;
  return status === undefined || status < 400 || status >= 500 || status === 429 || status === 408;
}

const FIRST_PAUSE_MS = 250;

/**
 * How long to wait before the next try, ms: what the server asked for, or else a pause that doubles with each failure
 * up to `mostMs`, half of it by chance, so that those who failed together do not come back together.
 */
export function pauseMs(error: unknown, failures: number, mostMs: number): number {
  const most = Math.min(mostMs, FIRST_PAUSE_MS * 2 ** (failures - 1));
  const backoff = most / 2 + (Math.random() * most) / 2;
  return Math.max(backoff, requestedPauseMs(error) ?? 0);
}

/** Details come first: a header speaks of a whole batch, and only in seconds. */
function requestedPauseMs(error: unknown): number | null {
  if (isOrdersError(error, 'RATE_LIMITED') || isOrdersError(error, 'OVERLOADED'))
    return error.data.details.retryAfterMs;
  const seconds = Number(responseOf(error)?.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : null;
}
