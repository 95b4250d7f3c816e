/**
 * Subscriptions over server-sent events by fetch, with the token in a header. A subscription outlives connections:
 * whatever ends one (the server's limit of 15 minutes, a restart, a network that changed), the next is opened after a
 * pause, with a fresh token, and begins with the state as it is then. It ends when the caller leaves, or with an error
 * that will not pass, such as NOT_FOUND or UNAUTHENTICATED.
 */
import { type Operation, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { foreignAnswer, isOrdersError, withDetails } from './errors.ts';
import { readEvents, type StreamEvent } from './event-stream.ts';
import { isPassing, pauseMs } from './retry.ts';
import type { AppRouter } from './router.ts';

export interface WatchOptions {
  url: string;
  authorize(): Promise<Record<string, string>>;
  send: typeof fetch;
}

/** What happens to one connection, told to the loop that opens them. */
interface Listener {
  connected(): void;
  data(data: unknown): void;
}

const CONNECT_MS = 10_000;
/** The server says something every 10 s; it also tells how long a silence to bear, which replaces this. */
const SILENCE_MS = 30_000;
const MAX_PAUSE_MS = 5_000;
/** A connection that lasted so long was no failure, whatever ended it. */
const STEADY_MS = 5_000;

export function watchLink(options: WatchOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const over = new AbortController();
        const leave = () => over.abort();
        const connecting = (error: TRPCClientError<AppRouter> | null) =>
          observer.next({ result: { type: 'state', state: 'connecting', error } });
        op.signal?.addEventListener('abort', leave, { once: true });
        if (op.signal?.aborted) leave();

        const listener: Listener = {
          connected() {
            observer.next({ result: { type: 'started' } });
            observer.next({ result: { type: 'state', state: 'pending', error: null } });
          },
          data: (data) => observer.next({ result: { type: 'data', data } }),
        };
        connecting(null);
        stayConnected(options, op, listener, over.signal, connecting).then(
          () => {
            observer.next({ result: { type: 'stopped' } });
            observer.next({ result: { type: 'state', state: 'idle', error: null } });
            observer.complete();
          },
          (error) => observer.error(withDetails(TRPCClientError.from(error))),
        );
        return () => {
          op.signal?.removeEventListener('abort', leave);
          leave();
        };
      });
}

/** Opens connection after connection until `over`. Throws the error that will not pass. */
async function stayConnected(
  options: WatchOptions,
  op: Operation,
  listener: Listener,
  over: AbortSignal,
  onLost: (error: TRPCClientError<AppRouter> | null) => void,
): Promise<void> {
  let failures = 0;
  while (!over.aborted) {
    const openedAt = performance.now();
    let error: TRPCClientError<AppRouter> | null = null;
    try {
      await listen(options, op, listener, over);
    } catch (cause) {
      error = TRPCClientError.from(toError(cause));
      if (!over.aborted && !isPassing(error) && !isOrdersError(error, 'INTERNAL')) throw error;
    }
    if (over.aborted) return;
    failures = performance.now() - openedAt > STEADY_MS ? 1 : failures + 1;
    onLost(error);
    await delay(pauseMs(error, failures, MAX_PAUSE_MS), over);
  }
}

/** One connection, to its end. Throws what the server or the network says against it. */
async function listen(options: WatchOptions, op: Operation, listener: Listener, over: AbortSignal): Promise<void> {
  const connection = new AbortController();
  const end = () => connection.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expectWithin = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => connection.abort(new DOMException(`Silent for ${ms} ms.`, 'TimeoutError')), ms);
  };
  over.addEventListener('abort', end, { once: true });
  expectWithin(CONNECT_MS);
  try {
    let silenceMs = SILENCE_MS;
    for await (const event of readEvents(await open(options, op, connection.signal))) {
      if (over.aborted || event.event === 'return') return;
      if (event.event === 'connected') silenceMs = bearableSilenceMs(event) ?? SILENCE_MS;
      expectWithin(silenceMs);
      handle(event, listener);
    }
  } finally {
    clearTimeout(timer);
    over.removeEventListener('abort', end);
    end();
  }
}

async function open(options: WatchOptions, op: Operation, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const input = op.input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(op.input))}`;
  const headers = { accept: 'text/event-stream', ...(await options.authorize()) };
  const response = await options.send(`${options.url}/${op.path}${input}`, { headers, signal });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (response.ok && isStream && response.body) return response.body;
  throw await refusal(response);
}

/** The shop's own error where it is the shop that speaks. */
async function refusal(response: Response): Promise<TRPCClientError<AppRouter>> {
  const answer: unknown = await response.json().catch(() => null);
  const spoken = typeof answer === 'object' && answer !== null && 'error' in answer;
  return spoken ? TRPCClientError.from(answer, { meta: { response } }) : foreignAnswer(response);
}

/** The events of tRPC's protocol (@trpc/server, sse.ts): connected, message, ping, serialized-error, return. */
function handle({ event, data }: StreamEvent, listener: Listener): void {
  if (event === 'connected') listener.connected();
  if (event === 'message') listener.data(JSON.parse(data));
  if (event === 'serialized-error') throw TRPCClientError.from({ error: JSON.parse(data) });
}

function bearableSilenceMs({ data }: StreamEvent): number | undefined {
  const told: unknown = JSON.parse(data);
  if (typeof told !== 'object' || told === null || !('reconnectAfterInactivityMs' in told)) return undefined;
  return typeof told.reconnectAfterInactivityMs === 'number' ? told.reconnectAfterInactivityMs : undefined;
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** Resolves after `ms`, or at once when `over`. */
function delay(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      over.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    over.addEventListener('abort', done, { once: true });
  });
}
