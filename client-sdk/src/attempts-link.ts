/**
 * Timeout, abort and retry of queries and mutations. A call and its retries share one deadline, and no retry starts after
 * it.
 */
import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { withDetails } from './errors.ts';
import { backoffMs, isTransient } from './retry.ts';
import type { AppRouter } from './router.ts';

export interface AttemptsOptions {
  /** For the call with all its retries. */
  timeoutMs: number;
  maxRetries: number;
}

/**
 * The idempotent mutations. The checkoutKey is an idempotency key, a cancelled order stays cancelled, cart.ensure and
 * cart.seen change nothing twice, and cart.quote changes nothing.
 * A late retry of setQuantity would undo a newer change, so it is not among them.
 */
const REPEATABLE_MUTATIONS: ReadonlySet<string> = new Set([
  'orders.initializePayment',
  'orders.cancel',
  'cart.ensure',
  'cart.quote',
  'cart.seen',
]);

export function isRepeatable({ type, path }: Pick<Operation, 'type' | 'path'>): boolean {
  return type === 'query' || REPEATABLE_MUTATIONS.has(path);
}

const MAX_BACKOFF_MS = 4_000;

export function attemptsLink(options: AttemptsOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const deadline = performance.now() + timeoutOf(op, options);
        const repeatable = isRepeatable(op);
        let failures = 0;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let current: { unsubscribe(): void } | undefined;

        const stop = () => {
          clearTimeout(timer);
          current?.unsubscribe();
          current = undefined;
        };
        const attempt = () => {
          const remainingMs = Math.max(0, deadline - performance.now());
          timer = setTimeout(() => onFailure(timedOut(op, remainingMs)), remainingMs);
          current = next(op).subscribe({
            next: (result) => observer.next(result),
            error: onFailure,
            complete: () => {
              clearTimeout(timer);
              observer.complete();
            },
          });
        };
        const onFailure = (error: TRPCClientError<AppRouter>) => {
          stop();
          failures += 1;
          const delayMs = backoffMs(error, failures, MAX_BACKOFF_MS);
          const beforeDeadline = performance.now() + delayMs < deadline;
          if (repeatable && failures <= options.maxRetries && beforeDeadline && isTransient(error)) {
            timer = setTimeout(attempt, delayMs);
          } else observer.error(withDetails(error));
        };
        const abort = () => {
          stop();
          observer.error(TRPCClientError.from(new DOMException(`${op.path} was aborted.`, 'AbortError')));
        };

        op.signal?.addEventListener('abort', abort, { once: true });
        if (op.signal?.aborted) abort();
        else attempt();
        return () => {
          op.signal?.removeEventListener('abort', abort);
          stop();
        };
      });
}

/** `context: {timeoutMs}` of the call overrides the client's. */
function timeoutOf({ context }: Operation, { timeoutMs }: AttemptsOptions): number {
  return typeof context.timeoutMs === 'number' ? context.timeoutMs : timeoutMs;
}

function timedOut({ path }: Operation, afterMs: number): TRPCClientError<AppRouter> {
  const message = `${path} had no answer within ${Math.round(afterMs)} ms.`;
  return TRPCClientError.from(new DOMException(message, 'TimeoutError'));
}
