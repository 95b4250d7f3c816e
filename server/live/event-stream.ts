/**
 * Sends a subscription's items as server-sent events, in tRPC's protocol: `connected` with what the client may expect,
 * each item, a `ping` when there was nothing for a while, `return` at the end or `serialized-error`. For
 * server/trpc/fast-path. Source: trpc.io/docs/server/subscriptions and @trpc/server, sse.ts.
 */
import { once } from 'node:events';
import type { Response } from 'express';

export interface EventSource {
  /** Begins the subscription; resolves to an async iterable. The signal is given when the client has gone. */
  open(signal: AbortSignal): Promise<unknown>;
  /** What the client is told of a failure. */
  describe(cause: unknown): object;
  ping?: { enabled: boolean; intervalMs?: number };
  /** Told to the client as it is. */
  client?: object;
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold events back until it has a page of them.
  'x-accel-buffering': 'no',
};

/** Resolves when the stream is over, by its own end, by a failure or because the client left. Never rejects. */
export async function sendEvents(res: Response, { open, describe, ping, client = {} }: EventSource): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  res.writeHead(200, HEADERS);
  const send = (event: string | null, data: string) =>
    res.write(`${event === null ? '' : `event: ${event}\n`}data: ${data}\n\n`);
  const { enabled = false, intervalMs = 1_000 } = ping ?? {};
  const pinging = enabled ? setInterval(() => send('ping', ''), intervalMs) : undefined;
  send('connected', JSON.stringify(client));
  try {
    for await (const item of itemsOf(await open(gone.signal))) {
      if (gone.signal.aborted) break;
      pinging?.refresh();
      // A client that reads slowly gets the next item when it has taken this one.
      if (!send(null, JSON.stringify(item))) await once(res, 'drain', { signal: gone.signal }).catch(() => undefined);
    }
    send('return', '');
  } catch (cause) {
    if (!gone.signal.aborted) send('serialized-error', JSON.stringify(describe(cause)));
  } finally {
    clearInterval(pinging);
    res.end();
  }
}

function itemsOf(source: unknown): AsyncIterable<unknown> {
  if (isAsyncIterable(source)) return source;
  throw new Error('A subscription gives an async iterable.');
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
