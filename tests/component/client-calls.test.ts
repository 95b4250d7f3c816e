import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createOrdersClient,
  isConnectionError,
  isOrdersError,
  newActionKey,
  type OrdersClient,
  type RenewedToken,
} from '../../client-sdk/src/index.ts';
import { type Answer, reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
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
  test('concurrent queries share requests of at most ten calls', async () => {
    await Promise.all(Array.from({ length: 25 }, () => client.orders.get.query({ id: ID })));
    expect(server.requests.map((request) => pathsOf(request).length).sort()).toEqual([10, 10, 5].sort());
  });

  test('no URL exceeds the limit of proxies', async () => {
    const search = 'ọ'.repeat(100);
    await Promise.all(Array.from({ length: 10 }, () => client.catalog.products.query({ search })));
    expect(server.requests.length).toBeGreaterThan(1);
    expect(Math.max(...server.requests.map(({ url }) => url.length))).toBeLessThan(4_200);
  });

  test('mutations are not batched', async () => {
    await Promise.all([client.cart.clear.mutate(), client.cart.clear.mutate()]);
    expect(server.requests.map(pathsOf)).toEqual([['cart.clear'], ['cart.clear']]);
  });

  test('the token is sent in a header, to the catalogue in requests of its own, whose responses are cacheable', async () => {
    await Promise.all([client.cart.get.query(), client.catalog.products.query({})]);
    const sent = Object.fromEntries(
      server.requests.map((request) => [pathsOf(request).join(), request.headers.authorization]),
    );
    expect(sent).toEqual({ 'cart.get': 'Bearer secret', 'catalog.products': 'Bearer secret' });
    expect(server.requests.filter(({ url }) => url.includes('secret'))).toEqual([]);
  });

  test('the catalogue needs no token: without one, or one that cannot be had, it is asked for all the same', async () => {
    for (const token of [null, () => Promise.reject(new Error('no storage'))])
      await createOrdersClient({ url: server.url, token }).catalog.products.query({});
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  test('a token function is called before every request, retries included', async () => {
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

describe('a renewed token', () => {
  const EXPIRES = '2026-12-01T00:00:00.000Z';
  /** Succeeds with this token in the headers. */
  const renewing = (token: string): Answer =>
    reply(200, { result: { data: {} } }, { 'x-session-token': token, 'x-session-expires-at': EXPIRES });
  const sent = () => server.requests.map(({ headers }) => headers.authorization);

  test('takes the place of the one it replaces, by itself, and is told', async () => {
    const told: RenewedToken[] = [];
    client = createOrdersClient({ url: server.url, token: 'first', onRenewed: (renewed) => told.push(renewed) });
    for (const answer of [renewing('second'), renewing('third'), succeed({})]) {
      server.answerWith((res, request, index) => answer(res, request, index));
      await client.cart.clear.mutate();
    }
    await client.cart.clear.mutate();
    expect(sent()).toEqual(['Bearer first', 'Bearer second', 'Bearer third', 'Bearer third']);
    expect(told).toEqual([
      { token: 'second', expiresAt: EXPIRES, replaced: 'first' },
      { token: 'third', expiresAt: EXPIRES, replaced: 'second' },
    ]);
  });

  test('gives way to what the caller says: another sign-in, or none', async () => {
    let given: string | null = 'ada';
    client = createOrdersClient({ url: server.url, token: () => given });
    server.answerWith(renewing('ada-2'));
    await client.cart.clear.mutate();
    server.answerWith(succeed({}));
    for (given of ['bisi', null, 'ada']) await client.cart.clear.mutate();
    expect(sent()).toEqual(['Bearer ada', 'Bearer bisi', undefined, 'Bearer ada-2']);
  });
});

describe('retries', () => {
  const passing = {
    'a connection that broke': cut,
    'a shop that is too busy': refuse(OVERLOADED),
    'a limit': refuse({ code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 1 } }),
    "a proxy's error page": reply(502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' }),
  };

  test.each(Object.entries(passing))('a query is retried after %s', async (_, failure) => {
    server.answerWith(inTurn(failure, failure, succeed({ itemCount: 3 })));
    await expect(client.cart.get.query()).resolves.toEqual({ itemCount: 3 });
    expect(server.requests).toHaveLength(3);
  });

  test.each(Object.entries(passing))(
    'initializePayment is retried after %s with its checkoutKey',
    async (_, failure) => {
      server.answerWith(inTurn(failure, succeed({ txRef: 'ord-1-1' })));
      await expect(client.orders.initializePayment.mutate(PAYMENT)).resolves.toEqual({ txRef: 'ord-1-1' });
      expect(server.requests.flatMap(inputsOf)).toEqual([PAYMENT, PAYMENT]);
    },
  );

  test.each(Object.entries(passing))('orders.cancel is retried after %s', async (_, failure) => {
    server.answerWith(inTurn(failure, succeed({ status: 'cancelled' })));
    await expect(client.orders.cancel.mutate({ id: ID })).resolves.toEqual({ status: 'cancelled' });
    expect(server.requests).toHaveLength(2);
  });

  test('no other mutation is retried, because the server may have executed it', async () => {
    server.answerWith(cut);
    const calls = [
      client.cart.addItem.mutate({ variantId: ID, quantity: 1 }),
      client.cart.setQuantity.mutate({ variantId: ID, quantity: 1 }),
      client.auth.login.mutate({ email: 'a@example.com', password: 'x' }),
      client.admin.refund.mutate({ key: newActionKey(), id: ID, note: 'broken' }),
      client.admin.adjustStock.mutate({ key: newActionKey(), variantId: ID, delta: 1, reason: 'found' }),
    ];
    const errors = await Promise.all(calls.map(failureOf));
    expect(errors.map(isConnectionError)).toEqual(calls.map(() => true));
    expect(server.requests).toHaveLength(calls.length);
  });

  test.each([
    { code: 'NOT_FOUND', httpStatus: 404 },
    { code: 'INTERNAL', httpStatus: 500, details: { requestId: 'r1' } },
    { code: 'UNAUTHENTICATED', httpStatus: 401 },
  ] as const)('$code is final and is not retried', async (refusal) => {
    server.answerWith(refuse(refusal));
    expect(isOrdersError(await failureOf(client.cart.get.query()), refusal.code)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test("a proxy's 404 page is not retried", async () => {
    server.answerWith(reply(404, '<html>Not Found</html>', { 'content-type': 'text/html' }));
    expect(isConnectionError(await failureOf(client.cart.get.query()))).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('the back-off is at least retryAfterMs or Retry-After', async () => {
    const limited = refuse({ code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 700 } });
    const proxy = reply(503, 'busy', { 'retry-after': '1', 'content-type': 'text/plain' });
    server.answerWith(inTurn(limited, proxy, succeed({})));
    const startedAt = performance.now();
    await client.cart.get.query();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_695);
  });

  test('a back-off that ends after the deadline is skipped, and the call fails at once', async () => {
    server.answerWith(refuse({ code: 'RATE_LIMITED', httpStatus: 429, details: { retryAfterMs: 60_000 } }));
    expect(isOrdersError(await failureOf(client.cart.get.query()), 'RATE_LIMITED')).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('a call fails after maxRetries', async () => {
    server.answerWith(refuse(OVERLOADED));
    client = createOrdersClient({ url: server.url, maxRetries: 1 });
    expect(isOrdersError(await failureOf(client.cart.get.query()), 'OVERLOADED')).toBe(true);
    expect(server.requests).toHaveLength(2);
  });
});

describe('timeouts', () => {
  test('a call without a response is retried after silenceMs if it is idempotent', async () => {
    server.answerWith(inTurn(silence, succeed({ itemCount: 3 })));
    client = createOrdersClient({ url: server.url, silenceMs: 40 });
    await expect(client.cart.get.query()).resolves.toEqual({ itemCount: 3 });
    expect(server.requests).toHaveLength(2);
    client = createOrdersClient({ url: server.url, silenceMs: 40, timeoutMs: 120 });
    server.answerWith(silence);
    expect(isConnectionError(await failureOf(client.cart.clear.mutate()))).toBe(true);
    expect(server.requests.map(pathsOf).filter(([path]) => path === 'cart.clear')).toHaveLength(1);
  });

  test('a response that arrives slowly is awaited and not retried', async () => {
    server.answerWith(drip({ itemCount: 3 }, 150));
    client = createOrdersClient({ url: server.url, silenceMs: 50 });
    await expect(client.cart.get.query()).resolves.toEqual({ itemCount: 3 });
    expect(server.requests).toHaveLength(1);
  });

  test('a call without a response fails after timeoutMs', async () => {
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

  test('one call may have its own timeoutMs', async () => {
    server.answerWith(silence);
    const error = await failureOf(client.cart.get.query(undefined, { context: { timeoutMs: 40 } }));
    expect(String(error)).toContain('cart.get had no answer');
  });

  test('an aborted call ends at once, is not retried, and is not a connection error', async () => {
    const controller = new AbortController();
    server.answerWith((res) => {
      controller.abort();
      res.destroy();
    });
    const error = await failureOf(client.cart.get.query(undefined, { signal: controller.signal }));
    expect(isConnectionError(error)).toBe(false);
    expect(error).toMatchObject({ cause: { name: 'AbortError' } });
    expect(await failureOf(client.cart.get.query(undefined, { signal: controller.signal }))).toMatchObject({
      cause: { name: 'AbortError' },
    });
    expect(server.requests).toHaveLength(1);
  });
});
