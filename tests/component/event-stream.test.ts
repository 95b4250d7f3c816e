/** The sender of server-sent events over HTTP: its events, their order, and its end. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import express from 'express';
import { type EventSource, sendEvents } from '../../server/live/event-stream.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that streams `source` for each request and reports the end of its last response. */
async function serve(source: Pick<EventSource, 'open'> & Partial<EventSource>) {
  const app = express();
  let over: Promise<void> | undefined;
  app.get('/', (_req, res) => {
    over = sendEvents(res, { describe: (cause) => ({ message: String(cause) }), ...source });
  });
  const listening = app.listen(0, '127.0.0.1');
  server = listening;
  await once(listening, 'listening');
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, over: () => over };
}

async function* reading(reply: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of reply.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    yield text;
  }
}

test('the stream sends the connected event, then each item, then the end', async () => {
  const { url } = await serve({
    client: { reconnectAfterInactivityMs: 7 },
    open: async () =>
      (async function* () {
        yield { n: 1 };
        yield { n: 2 };
      })(),
  });
  const reply = await fetch(url);
  expect(reply.headers.get('content-type')).toBe('text/event-stream');
  expect(await reply.text()).toBe(
    'event: connected\ndata: {"reconnectAfterInactivityMs":7}\n\ndata: {"n":1}\n\ndata: {"n":2}\n\nevent: return\ndata: \n\n',
  );
});

test('silence is broken by pings, for as long as it lasts', async () => {
  let speak: () => void = () => undefined;
  const silence = new Promise<void>((resolve) => {
    speak = resolve;
  });
  const { url } = await serve({
    ping: { enabled: true, intervalMs: 5 },
    open: async () =>
      (async function* () {
        await silence;
        yield 'at last';
      })(),
  });
  let all = '';
  for await (const text of reading(await fetch(url))) {
    all = text;
    if (text.split('event: ping').length > 2) speak();
  }
  expect(all.indexOf('event: ping')).toBeLessThan(all.indexOf('at last'));
  expect(all.endsWith('event: return\ndata: \n\n')).toBe(true);
});

test.each([
  ['before the first item', async () => Promise.reject(new Error('no'))],
  [
    'in the middle',
    async () =>
      (async function* () {
        yield 1;
        throw new Error('no');
      })(),
  ],
  ['because there is nothing to iterate', async () => 1],
])('a failure %s is sent as the last event', async (_, open) => {
  const { url } = await serve({ open });
  const text = await (await fetch(url)).text();
  expect(text).toMatch(/event: serialized-error\ndata: \{"message":"Error: [^"]+"\}\n\n$/);
  expect(text).not.toContain('event: return');
});

test('a client that disconnects ends the subscription, and no event follows', async () => {
  let told = 0;
  const { url, over } = await serve({
    describe: () => {
      told += 1;
      return {};
    },
    open: async (signal) =>
      (async function* () {
        yield 'here';
        await once(signal, 'abort');
        throw new Error('cut off');
      })(),
  });
  const leaving = new AbortController();
  for await (const text of reading(await fetch(url, { signal: leaving.signal }))) if (text.includes('here')) break;
  leaving.abort();
  await over();
  expect(told).toBe(0);
});

test('a client that reads slowly holds the items back, and gets them all', async () => {
  const item = 'x'.repeat(100_000);
  let made = 0;
  const { url } = await serve({
    open: async () =>
      (async function* () {
        for (; made < 200; made += 1) yield item;
      })(),
  });
  const reply = await fetch(url);
  const reader = reply.body?.getReader();
  await reader?.read();
  expect(made).toBeLessThan(200);
  let bytes = 0;
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read())
    bytes += chunk.value.length;
  expect(made).toBe(200);
  expect(bytes).toBeGreaterThan(199 * item.length);
});
