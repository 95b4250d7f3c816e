/** Headers and bodies that arrive byte by byte over a real socket, with the server's timeouts shortened. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp, createHttpServer, SERVER_BOUNDS } from '../../server/http/app.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let server: Server;
let port: number;
beforeAll(async () => {
  app = await startTestApp();
  const bounds = { ...SERVER_BOUNDS, headersTimeout: 400, requestTimeout: 800, connectionsCheckingInterval: 100 };
  server = createHttpServer(createApp(app.ctx), bounds).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.stop();
});

/** Also after an error: events.once would reject with the ECONNRESET of a server that closes while bytes arrive. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

interface Drip {
  answer: string;
  heldMs: number;
}

/** Sends the head at once, then one byte every 50 ms until the server closes the connection. */
async function drip(head: string, byte: string): Promise<Drip> {
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const startedAt = performance.now();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.on('error', () => undefined);
  socket.write(head);
  const dripping = setInterval(() => socket.write(byte), 50);
  await closed(socket);
  clearInterval(dripping);
  return { answer, heldMs: performance.now() - startedAt };
}

const POST_HEAD = [
  'POST /trpc/auth.login HTTP/1.1',
  'host: x',
  'content-type: application/json',
  'content-length: 90000',
  '',
  '',
];

describe('a client that is slow on purpose', () => {
  test('with its headers is hung up on', async () => {
    const { answer, heldMs } = await drip('GET /trpc/catalog.products HTTP/1.1\r\nhost: x\r\nx-drip: ', 'x');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(heldMs).toBeLessThan(5_000);
  });

  test('with its body is hung up on, also where nobody has signed in', async () => {
    const { answer, heldMs } = await drip(POST_HEAD.join('\r\n'), ' ');
    expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(heldMs).toBeLessThan(5_000);
  });

  test('with a webhook is hung up on, and nothing is stored', async () => {
    const head = POST_HEAD.join('\r\n').replace('/trpc/auth.login', '/webhooks/paystack');
    const { heldMs } = await drip(head, ' ');
    expect(heldMs).toBeLessThan(5_000);
    expect(await app.db.webhookEvents.countDocuments()).toBe(0);
  });

  test('a hundred times at once keeps nobody else out', async () => {
    const slow = Array.from({ length: 100 }, () => drip('GET / HTTP/1.1\r\nhost: x\r\nx-drip: ', 'x'));
    const reply = await fetch(`http://127.0.0.1:${port}/trpc/catalog.products?input={}`);
    expect(reply.status).toBe(200);
    await Promise.all(slow);
  });
});

describe('requests that are no HTTP, or too much of it', () => {
  async function send(bytes: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', () => undefined);
    socket.write(bytes);
    await closed(socket);
    return answer;
  }

  test.each([
    ['headers over 16 kB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths of one body',
      'POST /trpc/auth.login HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabcde',
      400,
    ],
    [
      'a length and chunks',
      'POST /trpc/auth.login HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header that holds a bare CR', 'GET / HTTP/1.1\r\nhost: x\r\nx-a: b\rc\r\n\r\n', 400],
    ['garbage', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n', 400],
  ])('%s', async (_, bytes, status) => {
    expect(await send(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});

test('connections beyond the most that are held are closed at once, and those that are held are served', async () => {
  const small = createHttpServer(createApp(app.ctx), { ...SERVER_BOUNDS, maxConnections: 2 }).listen(0, '127.0.0.1');
  await once(small, 'listening');
  const { port: door } = small.address() as AddressInfo;
  const held = [connect(door, '127.0.0.1'), connect(door, '127.0.0.1')];
  try {
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const third = connect(door, '127.0.0.1').on('error', () => undefined);
    await closed(third);
    const [first] = held;
    first?.write('GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n');
    const [reply] = first ? await once(first, 'data') : [];
    expect(String(reply)).toMatch(/^HTTP\/1\.1 200 /);
  } finally {
    for (const socket of held) socket.destroy();
    small.close();
  }
});
