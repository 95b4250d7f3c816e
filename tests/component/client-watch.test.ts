/** The client's subscription: the order as it is, then each change, for as long as the caller stays, whatever ends connections. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createOrdersClient, isOrdersError, type Order, type OrdersClient } from '../../client-sdk/src/index.ts';
import { startServer } from '../../server/process/start.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { cut, inTurn, refuse } from '../support/scripted-trpc.ts';
import { checkOut, type Shop, startTestShop } from '../support/shopping.ts';

const ID = '0123456789abcdef01234567';

interface Seen {
  statuses: string[];
  states: string[];
  error: unknown;
  unsubscribe(): void;
}

function watch(client: OrdersClient, id = ID): Seen {
  const seen: Seen = { statuses: [], states: [], error: undefined, unsubscribe: () => undefined };
  const subscription = client.orders.watch.subscribe(
    { id },
    {
      onData: ({ status }) => seen.statuses.push(status),
      onConnectionStateChange: ({ state }) => seen.states.push(state),
      onError: (error) => {
        seen.error = error;
      },
    },
  );
  seen.unsubscribe = () => subscription.unsubscribe();
  return seen;
}

describe('against a shop', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startTestShop();
  });
  afterAll(() => shop.stop());

  test('tells the order as it is, then its change, without a token in the URL', async () => {
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
    const seen = watch(client, orderId);
    await eventually('the first state', () => seen.statuses.length === 1);
    await client.orders.cancel.mutate({ id: orderId });
    await eventually('the change', () => seen.statuses.length === 2);
    seen.unsubscribe();
    expect(seen.statuses).toEqual(['pending', 'cancelled']);
    expect(urls.filter((url) => url.includes(shopper.token))).toEqual([]);
  });

  test('can be looped over, and leaving the loop gives the seat back', async () => {
    const { shopper, orderId } = await checkOut(shop);
    const client = createOrdersClient({ url: shop.url, token: shopper.token });
    // One more than a user may have open at once.
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
    const foreign = watch(createOrdersClient({ url: shop.url, token: stranger.token }), orderId);
    const nobody = watch(createOrdersClient({ url: shop.url }), orderId);
    await eventually('both errors', () => foreign.error !== undefined && nobody.error !== undefined);
    expect(isOrdersError(foreign.error, 'NOT_FOUND')).toBe(true);
    expect(isOrdersError(nobody.error, 'UNAUTHENTICATED')).toBe(true);
  });

  test('survives a restart of the server and tells what changed meanwhile', async () => {
    const { shopper, orderId } = await checkOut(shop);
    const start = (port: number) =>
      startServer(
        { ...shop.ctx.config, port },
        { log: shop.ctx.log, clock: shop.clock, paystackBaseUrl: shop.sandbox.url, dbName: shop.db.connection.name },
      );
    const before = await start(0);
    const url = before.url ?? '';
    const seen = watch(createOrdersClient({ url, token: shopper.token }), orderId);
    await eventually('the first state', () => seen.statuses.length === 1);
    await before.stop();
    await shopper.client.orders.cancel.mutate({ id: orderId });
    const after = await start(Number(new URL(url).port));
    await eventually('the change', () => seen.statuses.at(-1) === 'cancelled');
    seen.unsubscribe();
    await after.stop();
    expect(seen.error).toBeUndefined();
    expect(seen.states.slice(0, 3)).toEqual(['connecting', 'pending', 'connecting']);
  });
});

describe('against a server that misbehaves', () => {
  let server: ScriptedServer;
  let seen: Seen | undefined;
  afterEach(async () => {
    seen?.unsubscribe();
    await server.close();
  });

  const begin = (res: ServerResponse, silenceMs = 30_000) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(`event: connected\ndata: {"reconnectAfterInactivityMs":${silenceMs}}\n\n`);
  };
  const order = (status: Order['status']) => `data: ${JSON.stringify({ status })}\n\n`;
  const tell =
    (status: Order['status'], more = ''): Answer =>
    (res) => {
      begin(res);
      res.write(order(status) + more);
    };

  async function scripted(first: Answer, ...more: Answer[]): Promise<void> {
    server = await startScriptedServer(inTurn(first, ...more));
  }

  test('what may pass is waited out: a cut line, a busy shop, a full house, a proxy, a failure inside', async () => {
    const busy = { code: 'OVERLOADED', httpStatus: 503, details: { retryAfterMs: 1 } };
    const full = { code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 1 } };
    const data = JSON.stringify({ code: 'INTERNAL', httpStatus: 500, details: { requestId: 'r' }, requestId: 'r' });
    const inside = `event: serialized-error\ndata: {"message":"Oh.","code":-32603,"data":${data}}\n\n`;
    await scripted(cut, refuse(busy), tell('pending', inside), refuse(full), reply(502, 'down'), tell('confirmed'));
    seen = watch(createOrdersClient({ url: server.url }));
    await eventually('the last state', () => seen?.statuses.at(-1) === 'confirmed', 15_000);
    expect(seen.statuses).toEqual(['pending', 'confirmed']);
    expect(server.requests).toHaveLength(6);
  });

  test('the next connection asks for the token anew', async () => {
    const tokens = ['old', 'new'];
    await scripted(tell('pending', 'event: return\ndata:\n\n'), tell('confirmed'));
    seen = watch(createOrdersClient({ url: server.url, token: () => tokens.shift() ?? null }));
    await eventually('the second connection', () => seen?.statuses.length === 2);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('a connection that has fallen silent is replaced', async () => {
    await scripted((res) => {
      begin(res, 60);
      res.write(order('pending'));
    }, tell('confirmed'));
    seen = watch(createOrdersClient({ url: server.url }));
    await eventually('the second connection', () => seen?.statuses.length === 2);
    expect(seen.statuses).toEqual(['pending', 'confirmed']);
  });

  test('events arrive whole, however they are cut and whatever ends their lines', async () => {
    const text = `: hello\r\nevent: connected\r\ndata: {}\r\n\r\nevent: ping\rdata:\r\rdata: {"status":\ndata:"€"}\n\n`;
    await scripted((res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const bytes = [...Buffer.from(text)];
      const next = () => {
        const byte = bytes.shift();
        if (byte !== undefined) res.write(Buffer.of(byte), () => setImmediate(next));
      };
      next();
    });
    seen = watch(createOrdersClient({ url: server.url }));
    await eventually('the event', () => seen?.statuses.length === 1);
    expect(seen.statuses).toEqual(['€']);
  });

  test('who leaves is not asked for again', async () => {
    let closed = 0;
    await scripted((res, request, index) => {
      res.once('close', () => {
        closed += 1;
      });
      tell('pending')(res, request, index);
    });
    seen = watch(createOrdersClient({ url: server.url }));
    await eventually('the first state', () => seen?.statuses.length === 1);
    seen.unsubscribe();
    await eventually('the end of the connection', () => closed === 1);
    expect(server.requests).toHaveLength(1);
    expect(seen.error).toBeUndefined();
  });

  test('a refusal that will not pass ends it', async () => {
    await scripted(reply(404, '<html>', { 'content-type': 'text/html' }));
    seen = watch(createOrdersClient({ url: server.url }));
    await eventually('the error', () => seen?.error !== undefined);
    expect(server.requests).toHaveLength(1);
  });
});
