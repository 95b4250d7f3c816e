/**
 * Subscriptions over server-sent events by fetch, with the token in a header. A subscription reconnects when its
 * connection ends (the server's limit of 15 minutes, a restart, a network change). It does so after a back-off, with a
 * fresh token, and begins with the current state. It ends when the caller unsubscribes, or with an error that is not transient,
 * such as NOT_FOUND or UNAUTHENTICATED.
 */
import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { isOrdersError, unexpectedResponse, withDetails } from './errors.ts';
import { readEvents, type StreamEvent } from './event-stream.ts';
import { backoffMs, isTransient } from './retry.ts';
import type { AppRouter } from './router.ts';

export interface SubscriptionOptions {
  url: string;
  authorize(): Promise<Record<string, string>>;
  send: typeof fetch;
}

/** The events of one connection. */
interface ConnectionEvents {
  onConnected(): void;
  onData(data: unknown): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** The server sends an event every 10 s at least. Its first event carries its own limit, which replaces this one. */
const INACTIVITY_TIMEOUT_MS = 30_000;
const MAX_BACKOFF_MS = 5_000;
/** The end of a connection that lasted longer does not raise the back-off. */
const STABLE_MS = 5_000;

export function subscriptionLink(options: SubscriptionOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const controller = new AbortController();
        const end = () => controller.abort();
        const connecting = (error: TRPCClientError<AppRouter> | null) =>
          observer.next({ result: { type: 'state', state: 'connecting', error } });
        op.signal?.addEventListener('abort', end, { once: true });
        if (op.signal?.aborted) end();

        const events: ConnectionEvents = {
          onConnected() {
            observer.next({ result: { type: 'started' } });
            observer.next({ result: { type: 'state', state: 'pending', error: null } });
          },
          onData: (data) => observer.next({ result: { type: 'data', data } }),
        };
        connecting(null);
        stayConnected(options, op, events, controller.signal, connecting).then(
          () => {
            observer.next({ result: { type: 'stopped' } });
            observer.next({ result: { type: 'state', state: 'idle', error: null } });
            observer.complete();
          },
          (error) => observer.error(withDetails(TRPCClientError.from(error))),
        );
        return () => {
          op.signal?.removeEventListener('abort', end);
          end();
        };
      });
}

/** Opens one connection after the other until `ended`. Throws an error that is not transient. */
async function stayConnected(
  options: SubscriptionOptions,
  op: Operation,
  events: ConnectionEvents,
  ended: AbortSignal,
  onLost: (error: TRPCClientError<AppRouter> | null) => void,
): Promise<void> {
  let failures = 0;
  while (!ended.aborted) {
    const openedAt = performance.now();
    let error: TRPCClientError<AppRouter> | null = null;
    try {
      await runConnection(options, op, events, ended);
    } catch (cause) {
      error = TRPCClientError.from(toError(cause));
      if (!ended.aborted && !isTransient(error) && !isOrdersError(error, 'INTERNAL')) throw error;
    }
    if (ended.aborted) return;
    failures = performance.now() - openedAt > STABLE_MS ? 1 : failures + 1;
    onLost(error);
    await delay(backoffMs(error, failures, MAX_BACKOFF_MS), ended);
  }
}

/** One connection, until its end. Throws the error of the server or the network. */
async function runConnection(
  options: SubscriptionOptions,
  op: Operation,
  events: ConnectionEvents,
  ended: AbortSignal,
): Promise<void> {
  const connection = new AbortController();
  const close = () => connection.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expectWithin = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => connection.abort(new DOMException(`Silent for ${ms} ms.`, 'TimeoutError')), ms);
  };
  ended.addEventListener('abort', close, { once: true });
  expectWithin(CONNECT_TIMEOUT_MS);
  try {
    let timeoutMs = INACTIVITY_TIMEOUT_MS;
    for await (const event of readEvents(await open(options, op, connection.signal))) {
      if (ended.aborted || event.event === 'return') return;
      if (event.event === 'connected') timeoutMs = inactivityTimeoutMs(event) ?? INACTIVITY_TIMEOUT_MS;
      expectWithin(timeoutMs);
      handle(event, events);
    }
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', close);
    close();
  }
}

async function open(
  options: SubscriptionOptions,
  op: Operation,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const input = op.input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(op.input))}`;
  const headers = { accept: 'text/event-stream', ...(await options.authorize()) };
  const response = await options.send(`${options.url}/${op.path}${input}`, { headers, signal });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (response.ok && isStream && response.body) return response.body;
  throw await errorOf(response);
}

/** The shop's error, or unexpectedResponse if the body is not one. */
async function errorOf(response: Response): Promise<TRPCClientError<AppRouter>> {
  const body: unknown = await response.json().catch(() => null);
  const isShopError = typeof body === 'object' && body !== null && 'error' in body;
  return isShopError ? TRPCClientError.from(body, { meta: { response } }) : unexpectedResponse(response);
}

/** The events of tRPC's protocol (@trpc/server, sse.ts): connected, message, ping, serialized-error, return. */
function handle({ event, data }: StreamEvent, events: ConnectionEvents): void {
  if (event === 'connected') events.onConnected();
  if (event === 'message') events.onData(JSON.parse(data));
  if (event === 'serialized-error') throw TRPCClientError.from({ error: JSON.parse(data) });
}

function inactivityTimeoutMs({ data }: StreamEvent): number | undefined {
  const limits: unknown = JSON.parse(data);
  if (typeof limits !== 'object' || limits === null || !('reconnectAfterInactivityMs' in limits)) return undefined;
  return typeof limits.reconnectAfterInactivityMs === 'number' ? limits.reconnectAfterInactivityMs : undefined;
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** Resolves after `ms`, or as soon as `ended` is aborted. */
function delay(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      ended.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    ended.addEventListener('abort', done, { once: true });
  });
}
