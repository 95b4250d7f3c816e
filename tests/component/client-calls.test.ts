/** The client's calls: how they share requests, when they are repeated and when never, and that each ends in time. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createOrdersClient, isConnectionError, isOrdersError, type OrdersClient } from '../../client-sdk/src/index.ts';
import { reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { cut, drip, inputsOf, inTurn, pathsOf, refuse, silence, succeed } from '../support/scripted-trpc.ts';

const OVERLOADED = { code: 'OVERLOADED', httpStatus: 503, details: { retryAfterMs: 1 } };
const ID = '0123456789abcdef01234567';
const PAYMENT = {
  checkoutKey: '0123456789abcdef',
  shippingAddress: { name: 'A', line1: '1', city: 'L', state: 'L', country: 'NG', phone: '+2348000000000' },
};

let server: ScriptedServer;
let client: OrdersClient;

beforeEach(async () => {
  server = await startScriptedServer(succeed({}));
  client = createOrdersClient({ url: server.url, token: 'secret' });
});
afterEach(() => server.close());

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => error,
  );

describe('requests', () => {
  test('queries of one moment share requests of at most ten calls', async () => {
    await Promise.all(Array.from({ length: 25 }, () => client.orders.get.query({ id: ID })));
    expect(server.requests.map((request) => pathsOf(request).length).sort()).toEqual([10, 10, 5].sort());
  });

  test('no URL outgrows what proxies let through', async () => {
    const search = 'ọ'.repeat(100);
    await Promise.all(Array.from({ length: 10 }, () => client.catalog.products.query({ search })));
    expect(server.requests.length).toBeGreaterThan(1);
    expect(Math.max(...server.requests.map(({ url }) => url.length))).toBeLessThan(4_200);
  });

  test('a change goes alone', async () => {
    await Promise.all([client.cart.clear.mutate(), client.cart.clear.mutate()]);
    expect(server.requests.map(pathsOf)).toEqual([['cart.clear'], ['cart.clear']]);
  });

  test('the token goes in a header, and not to the catalogue, whose replies caches may keep', async () => {
    await Promise.all([client.cart.get.query(), client.catalog.products.query({})]);
    const sent = Object.fromEntries(
      server.requests.map((request) => [pathsOf(request).join(), request.headers.authorization]),
    );
    expect(sent).toEqual({ 'cart.get': 'Bearer secret', 'catalog.products': undefined });
    expect(server.requests.filter(({ url }) => url.includes('secret'))).toEqual([]);
  });

  test('a token function is asked before every request, also before a repetition', async () => {
    const tokens = ['stale', 'fresh', 'next'];
    client = createOrdersClient({ url: `${server.url}/`, token: async () => tokens.shift() ?? null });
    server.answerWith(inTurn(refuse(OVERLOADED), succeed({})));
    await client.cart.get.query();
    await client.cart.clear.mutate();
    await client.cart.get.query();
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer stale', 'Bearer fresh', 'Bearer next', undefined]);
  });
});

describe('repetition', () => {
  const passing = {
    'a connection that broke': cut,
    'a shop that is too busy': refuse(OVERLOADED),
    'a limit': refuse({ code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 1 } }),
    "a proxy's error page": reply(502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' }),
  };

  test.each(Object.entries(passing))('a query survives %s', async (_, failure) => {
    server.answerWith(inTurn(failure, failure, succeed({ itemCount: 3 })));
    await expect(client.cart.get.query()).resolves.toEqual({ itemCount: 3 });
    expect(server.requests).toHaveLength(3);
  });

  test.each(Object.entries(passing))('initializePayment survives %s with its checkoutKey', async (_, failure) => {
    server.answerWith(inTurn(failure, succeed({ txRef: 'ord-1-1' })));
    await expect(client.orders.initializePayment.mutate(PAYMENT)).resolves.toEqual({ txRef: 'ord-1-1' });
    expect(server.requests.flatMap(inputsOf)).toEqual([PAYMENT, PAYMENT]);
  });

  test.each(Object.entries(passing))('orders.cancel survives %s', async (_, failure) => {
    server.answerWith(inTurn(failure, succeed({ status: 'cancelled' })));
    await expect(client.orders.cancel.mutate({ id: ID })).resolves.toEqual({ status: 'cancelled' });
    expect(server.requests).toHaveLength(2);
  });

  test('no other change is repeated, because it may have been carried out', async () => {
    server.answerWith(cut);
    const calls = [
      client.cart.addItem.mutate({ variantId: ID, quantity: 1 }),
      client.cart.setQuantity.mutate({ variantId: ID, quantity: 1 }),
      client.auth.login.mutate({ email: 'a@example.com', password: 'x' }),
      client.admin.refund.mutate({ id: ID, reason: 'broken' }),
      client.admin.adjustStock.mutate({ variantId: ID, delta: 1, reason: 'found' }),
    ];
    const errors = await Promise.all(calls.map(failureOf));
    expect(errors.map(isConnectionError)).toEqual(calls.map(() => true));
    expect(server.requests).toHaveLength(calls.length);
  });

  test.each([
    { code: 'NOT_FOUND', httpStatus: 404 },
    { code: 'INTERNAL', httpStatus: 500, details: { requestId: 'r1' } },
    { code: 'UNAUTHENTICATED', httpStatus: 401 },
  ] as const)('$code is an answer and is not asked for again', async (refusal) => {
    server.answerWith(refuse(refusal));
    expect(isOrdersError(await failureOf(client.cart.get.query()), refusal.code)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test("a proxy's page that says no is not asked for again", async () => {
    server.answerWith(reply(404, '<html>Not Found</html>', { 'content-type': 'text/html' }));
    expect(isConnectionError(await failureOf(client.cart.get.query()))).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('the pause is at least what the server asked for, in the error or in Retry-After', async () => {
    const limited = refuse({ code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 700 } });
    const proxy = reply(503, 'busy', { 'retry-after': '1', 'content-type': 'text/plain' });
    server.answerWith(inTurn(limited, proxy, succeed({})));
    const startedAt = performance.now();
    await client.cart.get.query();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_695);
  });

  test('a pause that outlasts the call is not waited for', async () => {
    server.answerWith(refuse({ code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 60_000 } }));
    expect(isOrdersError(await failureOf(client.cart.get.query()), 'RATE_LIMITED')).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('ends after the retries that were wished for', async () => {
    server.answerWith(refuse(OVERLOADED));
    client = createOrdersClient({ url: server.url, maxRetries: 1 });
    expect(isOrdersError(await failureOf(client.cart.get.query()), 'OVERLOADED')).toBe(true);
    expect(server.requests).toHaveLength(2);
  });
});

describe('time', () => {
  test('a reply that does not begin is asked for again, where that is safe', async () => {
    server.answerWith(inTurn(silence, succeed({ itemCount: 3 })));
    client = createOrdersClient({ url: server.url, silenceMs: 40 });
    await expect(client.cart.get.query()).resolves.toEqual({ itemCount: 3 });
    expect(server.requests).toHaveLength(2);
    client = createOrdersClient({ url: server.url, silenceMs: 40, timeoutMs: 120 });
    server.answerWith(silence);
    expect(isConnectionError(await failureOf(client.cart.clear.mutate()))).toBe(true);
    expect(server.requests.map(pathsOf).filter(([path]) => path === 'cart.clear')).toHaveLength(1);
  });

  test('a reply that flows slowly is waited for, however long it flows, and not begun again', async () => {
    server.answerWith(drip({ itemCount: 3 }, 150));
    client = createOrdersClient({ url: server.url, silenceMs: 50 });
    await expect(client.cart.get.query()).resolves.toEqual({ itemCount: 3 });
    expect(server.requests).toHaveLength(1);
  });

  test('a call that is never answered ends when its time is up', async () => {
    server.answerWith(silence);
    client = createOrdersClient({ url: server.url, timeoutMs: 60 });
    const calls = [
      client.cart.get.query(),
      client.cart.clear.mutate(),
      client.orders.initializePayment.mutate(PAYMENT),
    ];
    const errors = await Promise.all(calls.map(failureOf));
    expect(errors.map(isConnectionError)).toEqual([true, true, true]);
  });

  test('one call may have a time of its own', async () => {
    server.answerWith(silence);
    const error = await failureOf(client.cart.get.query(undefined, { context: { timeoutMs: 40 } }));
    expect(String(error)).toContain('cart.get had no answer');
  });

  test('a call that is aborted ends at once, is not repeated, and is no failure of the connection', async () => {
    const leaving = new AbortController();
    server.answerWith((res) => {
      leaving.abort();
      res.destroy();
    });
    const error = await failureOf(client.cart.get.query(undefined, { signal: leaving.signal }));
    expect(isConnectionError(error)).toBe(false);
    expect(error).toMatchObject({ cause: { name: 'AbortError' } });
    expect(await failureOf(client.cart.get.query(undefined, { signal: leaving.signal }))).toMatchObject({
      cause: { name: 'AbortError' },
    });
    expect(server.requests).toHaveLength(1);
  });
});
