/**
 * The link that every query and mutation goes through: a call ends in time, ends at once when it is aborted, and is
 * tried again where that is safe and may help. A repetition never outlasts the call's own time.
 */
import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { withDetails } from './errors.ts';
import { isPassing, pauseMs } from './retry.ts';
import type { AppRouter } from './router.ts';

export interface AttemptsOptions {
  /** For the call with all its repetitions. */
  timeoutMs: number;
  maxRetries: number;
}

/**
 * Changes that may be carried out twice: the checkoutKey finds the same order, and a cancelled order stays cancelled.
 * Not setQuantity and its like: a late repetition would undo what the shopper did since.
 */
const REPEATABLE_MUTATIONS: ReadonlySet<string> = new Set(['orders.initializePayment', 'orders.cancel']);

/** True when the call may be carried out twice. */
export function isRepeatable({ type, path }: Pick<Operation, 'type' | 'path'>): boolean {
  return type === 'query' || REPEATABLE_MUTATIONS.has(path);
}

const MAX_PAUSE_MS = 4_000;

export function attemptsLink(options: AttemptsOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const deadline = performance.now() + timeoutOf(op, options);
        const repeatable = isRepeatable(op);
        let failures = 0;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let current: { unsubscribe(): void } | undefined;

        const leave = () => {
          clearTimeout(timer);
          current?.unsubscribe();
          current = undefined;
        };
        const attempt = () => {
          const remainingMs = Math.max(0, deadline - performance.now());
          timer = setTimeout(() => failed(timedOut(op, remainingMs)), remainingMs);
          current = next(op).subscribe({
            next: (answer) => observer.next(answer),
            error: failed,
            complete: () => {
              clearTimeout(timer);
              observer.complete();
            },
          });
        };
        const failed = (error: TRPCClientError<AppRouter>) => {
          leave();
          failures += 1;
          const pause = pauseMs(error, failures, MAX_PAUSE_MS);
          const inTime = performance.now() + pause < deadline;
          if (repeatable && failures <= options.maxRetries && inTime && isPassing(error)) {
            timer = setTimeout(attempt, pause);
          } else observer.error(withDetails(error));
        };
        const abort = () => {
          leave();
          observer.error(TRPCClientError.from(new DOMException(`${op.path} was aborted.`, 'AbortError')));
        };

        op.signal?.addEventListener('abort', abort, { once: true });
        if (op.signal?.aborted) abort();
        else attempt();
        return () => {
          op.signal?.removeEventListener('abort', abort);
          leave();
        };
      });
}

/** The call's own `context: {timeoutMs}`, or the client's. */
function timeoutOf({ context }: Operation, { timeoutMs }: AttemptsOptions): number {
  return typeof context.timeoutMs === 'number' ? context.timeoutMs : timeoutMs;
}

function timedOut({ path }: Operation, afterMs: number): TRPCClientError<AppRouter> {
  const message = `${path} had no answer within ${Math.round(afterMs)} ms.`;
  return TRPCClientError.from(new DOMException(message, 'TimeoutError'));
}
