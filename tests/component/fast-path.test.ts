/**
 * The fast path speaks tRPC's protocol. Each response equals that of an app without it, which uses tRPC's own adapter.
 */
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp, createHttpServer } from '../../server/http/app.ts';
import { SubscriptionLimiter } from '../../server/live/subscription-limiter.ts';
import { listen } from '../../server/process/listen.ts';
import { makeVariants, order } from '../support/checkouts.ts';
import { type RawReply, send } from '../support/raw-trpc.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { fakeClock, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let ada: SignedIn;
let orderId: string;
let variantId: string;
let theirs: Server;
let theirUrl: string;
beforeAll(async () => {
  app = await startTestApp({ context: { clock: fakeClock() } });
  ({ shopper: ada, orderId } = await order(app, [[(await makeVariants(app, {}))[0], 1]]));
  ({ variantId } = await stockVariant(app.db));
  theirs = await listen(createHttpServer(createApp(app.ctx, { fastPath: false })), app.ctx.config, 0);
  const address = theirs.address();
  if (address === null || typeof address === 'string') throw new Error('the other app does not listen');
  theirUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  theirs.closeAllConnections();
  theirs.close();
  await app.stop();
});

interface Sent {
  path: string;
  body?: string;
  method?: string;
  headers?: Record<string, string>;
  anonymous?: boolean;
}

/** Without the encoding: a short reply of the fast path has a length and is not compressed. */
const HEADERS = ['content-type', 'vary', 'cache-control', 'retry-after', 'allow'];

/** Everything that a client may notice, except the request id. */
async function answerOf(url: string, { path, body, method, headers, anonymous }: Sent) {
  const init = { method: method ?? (body === undefined ? 'GET' : 'POST'), ...(body === undefined ? {} : { body }) };
  const reply = await send(`${url}/trpc/${path}`, init, {
    ...(anonymous ? {} : { token: ada.token }),
    ...(headers === undefined ? {} : { headers }),
  });
  return { status: reply.status, headers: noticed(reply), body: withoutIds(reply.body) };
}

function noticed({ headers }: RawReply) {
  return Object.fromEntries(HEADERS.map((name) => [name, headers.get(name)]));
}

function withoutIds(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body, (key, value: unknown) => (key === 'requestId' ? 'the id' : value)) ?? 'null');
}

const input = (value: unknown) => `input=${encodeURIComponent(JSON.stringify(value))}`;
const line = (quantity: unknown) => ({ variantId, quantity });

describe('is answered as by tRPC:', () => {
  test.each<[string, () => Sent]>([
    ['a query without input', () => ({ path: 'cart.get' })],
    ['a query with input', () => ({ path: `catalog.products?${input({ limit: 2 })}`, anonymous: true })],
    ['a query whose input is not taken', () => ({ path: `catalog.products?${input({ limit: 51 })}` })],
    ['a query whose input is not JSON', () => ({ path: 'catalog.products?input=%7B' })],
    ['a query whose input is empty', () => ({ path: 'catalog.products?input=' })],
    ['a query whose input comes twice', () => ({ path: `catalog.products?${input({})}&${input({ limit: 1 })}` })],
    ['a query for what is not there', () => ({ path: `orders.get?${input({ id: '0'.repeat(24) })}` })],
    ['a query by nobody', () => ({ path: 'cart.get', anonymous: true })],
    ['a query by POST', () => ({ path: 'cart.get', body: '{}' })],
    ['a query of another media type', () => ({ path: 'cart.get', headers: { 'content-type': 'text/plain' } })],
    ['a batch of queries', () => ({ path: `cart.get,catalog.products?batch=1&${input({ 1: { limit: 1 } })}` })],
    ['a batch of one', () => ({ path: 'cart.get?batch=1&input=%7B%7D' })],
    ['a batch without input', () => ({ path: 'cart.get,cart.get?batch=1' })],
    ['a batch whose input is a list', () => ({ path: 'cart.get,catalog.products?batch=1&input=%5B%5D' })],
    ['a batch whose input is null', () => ({ path: `catalog.products?batch=1&${input(null)}` })],
    ['a batch of which one fails', () => ({ path: `cart.get,orders.get?batch=1&${input({ 1: { id: 'x' } })}` })],
    ['a batch of which all fail alike', () => ({ path: 'cart.get,cart.get?batch=1', anonymous: true })],
    ['a batch of several types', () => ({ path: 'cart.get,cart.clear?batch=1' })],
    ['a batch with an unknown procedure', () => ({ path: 'cart.get,cart.steal?batch=1' })],
    ['a batch that is too long', () => ({ path: `${Array(11).fill('cart.get').join(',')}?batch=1` })],
    ['two procedures that are no batch', () => ({ path: 'cart.get,cart.get' })],
    ['a mutation', () => ({ path: 'cart.setQuantity', body: JSON.stringify(line(0)) })],
    ['a mutation whose input is not taken', () => ({ path: 'cart.addItem', body: JSON.stringify(line(-1)) })],
    ['a mutation with a field too many', () => ({ path: 'cart.addItem', body: JSON.stringify({ ...line(1), a: 1 }) })],
    ['a mutation whose input is not JSON', () => ({ path: 'cart.addItem', body: '{"variantId":' })],
    ['a mutation without a body', () => ({ path: 'cart.addItem', method: 'POST' })],
    ['a mutation without input', () => ({ path: 'cart.clear', body: '' })],
    ['a mutation by nobody', () => ({ path: 'cart.addItem', body: JSON.stringify(line(1)), anonymous: true })],
    ['a mutation by GET', () => ({ path: `cart.addItem?${input(line(1))}` })],
    ['a batch of mutations', () => ({ path: 'cart.clear,cart.clear?batch=1', body: '{}' })],
    ['a batch of mutations that is not JSON', () => ({ path: 'cart.clear,cart.clear?batch=1', body: '{' })],
    [
      'a form',
      () => ({ path: 'cart.clear', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ],
    [
      'JSON with a charset',
      () => ({
        path: 'cart.addItem',
        body: JSON.stringify(line(0)),
        headers: { 'content-type': 'Application/JSON; charset=utf-8' },
      }),
    ],
    ['connection parameters', () => ({ path: `cart.get?connectionParams=${encodeURIComponent('{"a":1}')}` })],
    ['a request by HEAD', () => ({ path: 'cart.get', method: 'HEAD' })],
    ['a request by PUT', () => ({ path: 'cart.clear', method: 'PUT', body: '{}' })],
  ])('%s', async (_, sent) => {
    const [our, their] = [await answerOf(app.url, sent()), await answerOf(theirUrl, sent())];
    expect(our).toEqual(their);
  });
});

/** The events of a stream that ends by itself, as text. */
async function eventsOf(url: string, { path, anonymous, headers }: Sent) {
  const authorization = { authorization: `Bearer ${ada.token}` };
  const reply = await fetch(`${url}/trpc/${path}`, { headers: { ...(anonymous ? {} : authorization), ...headers } });
  const text = (await reply.text()).replace(/"requestId":"[^"]*"/g, 'the id');
  const named = ['content-type', 'cache-control', 'vary', 'x-accel-buffering'];
  const told = Object.fromEntries(named.map((name) => [name, reply.headers.get(name)]));
  return { status: reply.status, headers: told, events: text.split(/\n{2,}/) };
}

const nobodys = { id: '0'.repeat(24) };

test.each<[string, Sent]>([
  ["somebody else's order", { path: `orders.watch?${input(nobodys)}` }],
  ['what is no id', { path: `orders.watch?${input({ id: 'x' })}` }],
  ['nobody', { path: `orders.watch?${input(nobodys)}`, anonymous: true }],
  ['a stream that is to be resumed', { path: `orders.watch?${input(nobodys)}`, headers: { 'last-event-id': '1' } }],
])('a subscription is refused by the same events: %s', async (_, sent) => {
  const [our, their] = [await eventsOf(app.url, sent), await eventsOf(theirUrl, sent)];
  expect(our).toEqual(their);
  expect(our.events.join()).toContain('event: serialized-error');
});

test('a subscription begins and ends by the same events', async () => {
  app.ctx.subscriptionLimiter = new SubscriptionLimiter(200);
  const sent = { path: `orders.watch?${input({ id: orderId })}` };
  const [our, their] = [await eventsOf(app.url, sent), await eventsOf(theirUrl, sent)];
  expect(our).toEqual(their);
  expect(our.events.at(0)).toMatch(/^event: connected/);
  expect(our.events.join()).toContain('"status":"pending"');
  expect(our.events.at(-2)).toMatch(/^event: return/);
});

/** tRPC's adapter streams its replies, so they have no length. */
async function isOurs(sent: Sent): Promise<boolean> {
  const { path, body } = sent;
  const init = body === undefined ? { method: 'GET' } : { method: 'POST', body };
  const { headers } = await send(`${app.url}/trpc/${path}`, init, { token: ada.token });
  return headers.has('content-length');
}

test.each<[string, () => Sent]>([
  ['a query', () => ({ path: 'cart.get' })],
  ['a batch of queries, as the client sends them', () => ({ path: 'cart.get,cart.get?batch=1' })],
  ['a mutation', () => ({ path: 'cart.addItem', body: JSON.stringify(line(1)) })],
  ['a failure', () => ({ path: 'cart.addItem', body: JSON.stringify(line(-1)) })],
])('%s is answered by our adapter', async (_, sent) => {
  expect(await isOurs(sent())).toBe(true);
});

test('a batch that is to be streamed is streamed, by tRPC', async () => {
  const headers = { authorization: `Bearer ${ada.token}`, 'trpc-accept': 'application/jsonl' };
  const reply = await fetch(`${app.url}/trpc/cart.get,cart.get?batch=1`, { headers });
  const lines = (await reply.text()).trim().split('\n');
  expect(reply.headers.get('transfer-encoding')).toBe('chunked');
  expect(lines.length).toBeGreaterThan(1);
});
