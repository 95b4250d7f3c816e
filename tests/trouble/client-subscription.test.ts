import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createOrdersClient, isOrdersError, type Order, type OrdersClient } from '../../client-sdk/src/index.ts';
import { startServer } from '../../server/process/start.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { cut, inTurn, refuse } from '../support/scripted-trpc.ts';
import { checkOut, type Shop, startTestShop } from '../support/shopping.ts';

const ID = '0123456789abcdef01234567';

interface Subscription {
  statuses: string[];
  states: string[];
  error: unknown;
  unsubscribe(): void;
}

function subscribe(client: OrdersClient, id = ID): Subscription {
  const subscription: Subscription = { statuses: [], states: [], error: undefined, unsubscribe: () => undefined };
  const handle = client.orders.watch.subscribe(
    { id },
    {
      onData: ({ status }) => subscription.statuses.push(status),
      onConnectionStateChange: ({ state }) => subscription.states.push(state),
      onError: (error) => {
        subscription.error = error;
      },
    },
  );
  subscription.unsubscribe = () => handle.unsubscribe();
  return subscription;
}

describe('against a shop', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startTestShop();
  });
  afterAll(() => shop.stop());

  test('delivers the current order, then its change, without a token in the URL', async () => {
    const { shopper, orderId } = await checkOut(shop);
    const urls: string[] = [];
    const client = createOrdersClient({
      url: shop.url,
      token: shopper.token,
      fetch: (input, init) => {
        urls.push(String(input));
        return fetch(input, init);
      },
    });
    const subscription = subscribe(client, orderId);
    await eventually('the first state', () => subscription.statuses.length === 1);
    await client.orders.cancel.mutate({ id: orderId });
    await eventually('the change', () => subscription.statuses.length === 2);
    subscription.unsubscribe();
    expect(subscription.statuses).toEqual(['pending', 'cancelled']);
    expect(urls.filter((url) => url.includes(shopper.token))).toEqual([]);
  });

  test('is an async iterable, and leaving the loop frees its slot', async () => {
    const { shopper, orderId } = await checkOut(shop);
    const client = createOrdersClient({ url: shop.url, token: shopper.token });
    // One more than a user's limit of open subscriptions.
    for (let round = 0; round < 6; round += 1) {
      for await (const order of client.orders.watch.subscribe({ id: orderId })) {
        expect(order.status).toBe('pending');
        break;
      }
    }
  });

  test("ends with NOT_FOUND for somebody else's order, and without a token with UNAUTHENTICATED", async () => {
    const { orderId } = await checkOut(shop);
    const stranger = await shop.signUp();
    const foreign = subscribe(createOrdersClient({ url: shop.url, token: stranger.token }), orderId);
    const anonymous = subscribe(createOrdersClient({ url: shop.url }), orderId);
    await eventually('both errors', () => foreign.error !== undefined && anonymous.error !== undefined);
    expect(isOrdersError(foreign.error, 'NOT_FOUND')).toBe(true);
    expect(isOrdersError(anonymous.error, 'UNAUTHENTICATED')).toBe(true);
  });

  test('reconnects after a server restart and delivers the change made meanwhile', async () => {
    const { shopper, orderId } = await checkOut(shop);
    const start = (port: number) =>
      startServer(
        { ...shop.ctx.config, port },
        { log: shop.ctx.log, clock: shop.clock, paystackBaseUrl: shop.sandbox.url, dbName: shop.db.connection.name },
      );
    const before = await start(0);
    const url = before.url ?? '';
    const subscription = subscribe(createOrdersClient({ url, token: shopper.token }), orderId);
    await eventually('the first state', () => subscription.statuses.length === 1);
    await before.stop();
    await shopper.client.orders.cancel.mutate({ id: orderId });
    const after = await start(Number(new URL(url).port));
    await eventually('the change', () => subscription.statuses.at(-1) === 'cancelled');
    subscription.unsubscribe();
    await after.stop();
    expect(subscription.error).toBeUndefined();
    expect(subscription.states.slice(0, 3)).toEqual(['connecting', 'pending', 'connecting']);
  });
});

describe('against a server with faults', () => {
  let server: ScriptedServer;
  let subscription: Subscription | undefined;
  afterEach(async () => {
    subscription?.unsubscribe();
    await server.close();
  });

  const begin = (res: ServerResponse, silenceMs = 30_000) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(`event: connected\ndata: {"reconnectAfterInactivityMs":${silenceMs}}\n\n`);
  };
  const order = (status: Order['status']) => `data: ${JSON.stringify({ status })}\n\n`;
  const send =
    (status: Order['status'], more = ''): Answer =>
    (res) => {
      begin(res);
      res.write(order(status) + more);
    };

  async function startWith(first: Answer, ...more: Answer[]): Promise<void> {
    server = await startScriptedServer(inTurn(first, ...more));
  }

  test('transient failures are retried: a cut connection, OVERLOADED, INTERNAL in the stream, RATE_LIMITED, a proxy’s 502', async () => {
    const busy = { code: 'OVERLOADED', httpStatus: 503, details: { retryAfterMs: 1 } };
    const full = { code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 1 } };
    const data = JSON.stringify({ code: 'INTERNAL', httpStatus: 500, details: { requestId: 'r' }, requestId: 'r' });
    const inside = `event: serialized-error\ndata: {"message":"Oh.","code":-32603,"data":${data}}\n\n`;
    await startWith(cut, refuse(busy), send('pending', inside), refuse(full), reply(502, 'down'), send('confirmed'));
    subscription = subscribe(createOrdersClient({ url: server.url }));
    await eventually('the last state', () => subscription?.statuses.at(-1) === 'confirmed', 15_000);
    expect(subscription.statuses).toEqual(['pending', 'confirmed']);
    expect(server.requests).toHaveLength(6);
  });

  test('a reconnection calls the token function again', async () => {
    const tokens = ['old', 'new'];
    await startWith(send('pending', 'event: return\ndata:\n\n'), send('confirmed'));
    subscription = subscribe(createOrdersClient({ url: server.url, token: () => tokens.shift() ?? null }));
    await eventually('the second connection', () => subscription?.statuses.length === 2);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('a silent connection is replaced after the inactivity limit', async () => {
    await startWith((res) => {
      begin(res, 60);
      res.write(order('pending'));
    }, send('confirmed'));
    subscription = subscribe(createOrdersClient({ url: server.url }));
    await eventually('the second connection', () => subscription?.statuses.length === 2);
    expect(subscription.statuses).toEqual(['pending', 'confirmed']);
  });

  test('events are parsed whole, whatever their chunks and line ends', async () => {
    const text = `: hello\r\nevent: connected\r\ndata: {}\r\n\r\nevent: ping\rdata:\r\rdata: {"status":\ndata:"€"}\n\n`;
    await startWith((res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const bytes = [...Buffer.from(text)];
      const next = () => {
        const byte = bytes.shift();
        if (byte !== undefined) res.write(Buffer.of(byte), () => setImmediate(next));
      };
      next();
    });
    subscription = subscribe(createOrdersClient({ url: server.url }));
    await eventually('the event', () => subscription?.statuses.length === 1);
    expect(subscription.statuses).toEqual(['€']);
  });

  test('unsubscribing closes the connection and does not reconnect', async () => {
    let closed = 0;
    await startWith((res, request, index) => {
      res.once('close', () => {
        closed += 1;
      });
      send('pending')(res, request, index);
    });
    subscription = subscribe(createOrdersClient({ url: server.url }));
    await eventually('the first state', () => subscription?.statuses.length === 1);
    subscription.unsubscribe();
    await eventually('the end of the connection', () => closed === 1);
    expect(server.requests).toHaveLength(1);
    expect(subscription.error).toBeUndefined();
  });

  test('a permanent error ends the subscription', async () => {
    await startWith(reply(404, '<html>', { 'content-type': 'text/html' }));
    subscription = subscribe(createOrdersClient({ url: server.url }));
    await eventually('the error', () => subscription?.error !== undefined);
    expect(server.requests).toHaveLength(1);
  });
});
