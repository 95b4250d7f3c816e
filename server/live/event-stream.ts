/**
 * tRPC's protocol of subscriptions over server-sent events: `connected` with the client's settings, each item, `ping` after a
 * silence, then `return` or `serialized-error`. Source: trpc.io/docs/server/subscriptions and @trpc/server, sse.ts.
 */
import { once } from 'node:events';
import type { Response } from 'express';

export interface EventSource {
  /** Begins the subscription; resolves to an async iterable. The signal aborts when the client disconnects. */
  open(signal: AbortSignal): Promise<unknown>;
  /** A failure as the client receives it. */
  describe(cause: unknown): object;
  ping?: { enabled: boolean; intervalMs?: number };
  /** The settings that `connected` sends. */
  client?: object;
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold events back until it has a page of them.
  'x-accel-buffering': 'no',
};

/** Resolves when the stream has ended, failed, or the client has disconnected. Never rejects. */
export async function sendEvents(res: Response, { open, describe, ping, client = {} }: EventSource): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  res.writeHead(200, HEADERS);
  const send = (event: string | null, data: string) =>
    res.write(`${event === null ? '' : `event: ${event}\n`}data: ${data}\n\n`);
  const { enabled = false, intervalMs = 1_000 } = ping ?? {};
  const pings = enabled ? setInterval(() => send('ping', ''), intervalMs) : undefined;
  send('connected', JSON.stringify(client));
  try {
    for await (const item of itemsOf(await open(gone.signal))) {
      if (gone.signal.aborted) break;
      pings?.refresh();
      // Back-pressure: a slow client gets the next item once it has received this one.
      if (!send(null, JSON.stringify(item))) await once(res, 'drain', { signal: gone.signal }).catch(() => undefined);
    }
    send('return', '');
  } catch (cause) {
    if (!gone.signal.aborted) send('serialized-error', JSON.stringify(describe(cause)));
  } finally {
    clearInterval(pings);
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
