/** Requests that are too large, too slow, unreadable or unknown get an error in one shape, without secrets. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TRPCClientError } from '@trpc/client';
import { createApp, createHttpServer } from '../../server/http/app.ts';
import { eventually } from '../support/eventually.ts';
import { hangRequests, inFlight } from '../support/hang-requests.ts';
import { get, post, send } from '../support/raw-trpc.ts';
import { fakeClock, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let ada: SignedIn;
/** Starts before the other tests and is awaited by the last, because it takes as long as a deadline. */
let bodyless: Promise<{ status: number; code: string; tookMs: number }>;
beforeAll(async () => {
  app = await startTestApp({ env: { CORS_ORIGINS: 'https://shop.example' } });
  ada = await app.signUp();
  bodyless = sendNoBody();
});
afterAll(() => app.stop());

describe('errors', () => {
  test('have one shape below /trpc, with the id of the request, and another elsewhere', async () => {
    const rpc = await get(app.url, 'cart.get');
    expect(rpc.body.error).toEqual({
      message: 'Sign in to continue.',
      code: -32001,
      data: { code: 'UNAUTHENTICATED', httpStatus: 401, requestId: rpc.headers.get('x-request-id') },
    });
    const page = await send(`${app.url}/nowhere`, {});
    expect(page.status).toBe(404);
    expect(page.body.error).toMatchObject({ code: 'NOT_FOUND', requestId: page.headers.get('x-request-id') });
  });

  test('reach the client as its own error type, the code and the details with them', async () => {
    const failure = await ada.client.catalog.products.query({ limit: 51 }).catch((error: unknown) => error);
    if (!(failure instanceof TRPCClientError)) throw failure;
    expect(failure.data).toMatchObject({ code: 'INVALID_INPUT', details: { issues: [{ path: 'limit' }] } });
  });

  test('of our own making say nothing but the id, and are logged once, under that id', async () => {
    const { products } = app.db;
    const aggregate = products.aggregate;
    // A missing method is the one way to make the code itself fail from outside.
    Object.assign(products, {
      aggregate: () => {
        throw new Error('secret detail of ada@example.com');
      },
    });
    try {
      const { status, body, headers } = await get(app.url, 'catalog.products', {});
      const requestId = headers.get('x-request-id');
      expect(status).toBe(500);
      expect(body.error.data).toEqual({ code: 'INTERNAL', httpStatus: 500, details: { requestId }, requestId });
      expect(JSON.stringify(body)).not.toMatch(/secret detail|stack/);
      const lines = app.logged.filter(({ msg, requestId: of }) => msg === 'request failed' && of === requestId);
      expect(lines).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toContain('ada@example.com');
    } finally {
      Object.assign(products, { aggregate });
    }
  });

  test.each([
    ['an unknown procedure', 'cart.steal', 404, 'NOT_FOUND'],
    ['a procedure of the object prototype', 'constructor', 404, 'NOT_FOUND'],
    ['a mutation by GET', 'cart.clear', 405, 'INVALID_INPUT'],
    ['a path that cannot be decoded', '%ff', 400, 'INVALID_INPUT'],
  ])('%s', async (_, procedure, status, code) => {
    const reply = await get(app.url, procedure, undefined, { token: ada.token });
    expect([reply.status, reply.body.error.data.code]).toEqual([status, code]);
  });

  test.each([
    ['broken JSON', '{"email":', 'application/json', 400],
    ['another media type', 'email=x', 'application/x-www-form-urlencoded', 415],
  ])('%s', async (_, body, type, status) => {
    const reply = await post(app.url, 'auth.login', body, { headers: { 'content-type': type } });
    expect([reply.status, reply.body.error.data.code]).toEqual([status, 'INVALID_INPUT']);
  });

  test('a request id from outside is not taken', async () => {
    const reply = await get(app.url, 'cart.get', undefined, { headers: { 'x-request-id': 'mine' } });
    expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('too much in one request', () => {
  const batch = (calls: number) =>
    send(`${app.url}/trpc/${Array(calls).fill('auth.me').join(',')}?batch=1&input={}`, {}, { token: ada.token });

  test('a batch of ten is answered, one of eleven is refused whole', async () => {
    const ten = await batch(10);
    expect([ten.status, ten.body.length]).toEqual([200, 10]);
    const eleven = await batch(11);
    expect(eleven.status).toBe(400);
    expect(JSON.stringify(eleven.body)).not.toContain(ada.email);
  });

  test('two thousand sign-ins in one request are refused without trying one', async () => {
    const paths = Array(2_000).fill('auth.login').join(',');
    const attempt = send(`${app.url}/trpc/${paths}?batch=1`, { method: 'POST', body: '{}' });
    // The request line alone may exceed the server's limit. The server then responds and closes the connection.
    const status = await attempt.then(
      (reply) => reply.status,
      () => 431,
    );
    expect([400, 414, 431]).toContain(status);
  });

  test('a body over 100 kB is refused, whether or not it says so beforehand', async () => {
    const big = JSON.stringify({ email: 'x'.repeat(200_000), password: 'x' });
    const declared = await post(app.url, 'auth.login', big);
    expect([declared.status, declared.body.error.data.code]).toEqual([413, 'INVALID_INPUT']);
    const chunked = await fetch(`${app.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect((await get(app.url, 'catalog.products', {})).status).toBe(200);
  });

  test('JSON ten thousand levels deep is refused and ends nothing', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const reply = await post(app.url, 'cart.removeItem', `{"variantId":${deep}}`, { token: ada.token });
    expect(reply.status).toBe(400);
    expect((await get(app.url, 'catalog.products', {})).status).toBe(200);
  });

  test('headers over 16 kB are refused', async () => {
    const reply = await fetch(`${app.url}/trpc/cart.get`, { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(reply.status).toBe(431);
  });
});

describe('too many requests', () => {
  test('calls beyond the limit get RATE_LIMITED with the time to wait; a batch counts as its calls', async () => {
    const small = await startTestApp({ env: { CALLS_PER_MINUTE: '12' }, context: { clock: fakeClock() } });
    try {
      const url = `${small.url}/trpc/${Array(10).fill('catalog.products').join(',')}?batch=1&input={}`;
      const inputs = encodeURIComponent(
        JSON.stringify(Object.fromEntries(Array.from({ length: 10 }, (_, n) => [n, {}]))),
      );
      const first = await send(url.replace('input={}', `input=${inputs}`), {});
      expect(first.body.every((reply: object) => 'result' in reply)).toBe(true);
      const second = await send(url.replace('input={}', `input=${inputs}`), {});
      const codes = second.body.map(
        (reply: { error?: { data: { code: string } } }) => reply.error?.data.code ?? 'answered',
      );
      expect(codes.filter((code: string) => code === 'RATE_LIMITED')).toHaveLength(8);
      const one = await get(small.url, 'catalog.products', {});
      expect(one.status).toBe(429);
      const waitMs = one.body.error.data.details.retryAfterMs;
      expect(one.headers.get('retry-after')).toBe(String(Math.ceil(waitMs / 1_000)));
      expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
      const failure = await small
        .client()
        .catalog.products.query({})
        .catch((error: unknown) => error);
      if (!(failure instanceof TRPCClientError)) throw failure;
      expect(failure.data).toMatchObject({ code: 'RATE_LIMITED', httpStatus: 429 });
      expect(failure.data.details.retryAfterMs).toBeLessThanOrEqual(5_000);
    } finally {
      await small.stop();
    }
  });

  test('when many requests are in flight the catalogue is shed first, then carts, then checkout; health still answers', async () => {
    const busy = await startTestApp({ env: { MAX_IN_FLIGHT: '10' } });
    try {
      const user = await busy.signUp();
      const toCheckout = ['POST /trpc/orders.initializePayment HTTP/1.1', `authorization: Bearer ${user.token}`];
      const hung = await hangRequests(busy, 7, ...toCheckout);
      const catalogue = await get(busy.url, 'catalog.products', {});
      expect([catalogue.status, catalogue.body.error.data.code]).toEqual([503, 'OVERLOADED']);
      expect(catalogue.headers.get('retry-after')).toBe('1');
      await eventually('the refused request to end', async () => (await inFlight(busy)) === 7);
      expect((await get(busy.url, 'cart.get', undefined, { token: user.token })).status).toBe(200);
      const more = await hangRequests(busy, 2, ...toCheckout);
      expect((await get(busy.url, 'cart.get', undefined, { token: user.token })).status).toBe(503);
      expect((await get(busy.url, 'orders.list', {}, { token: user.token })).status).toBe(200);
      const last = await hangRequests(busy, 1, ...toCheckout);
      expect((await get(busy.url, 'orders.list', {}, { token: user.token })).status).toBe(503);
      expect((await fetch(`${busy.opsUrl}/livez`)).status).toBe(200);
      for (const close of [hung, more, last]) close();
    } finally {
      await busy.stop();
    }
  });

  test('webhooks have four times the room, and then an end as well; health has a port of its own', async () => {
    const busy = await startTestApp({ env: { MAX_IN_FLIGHT: '2' } });
    try {
      const signed = `x-paystack-signature: ${'0'.repeat(128)}`;
      const seven = await hangRequests(busy, 7, 'POST /webhooks/paystack HTTP/1.1', signed);
      const another = () => fetch(`${busy.url}/webhooks/paystack`, { method: 'POST' });
      // The request is admitted, and refused because it has no signature.
      expect((await another()).status).toBe(401);
      const eighth = await hangRequests(busy, 1, 'POST /webhooks/paystack HTTP/1.1', signed);
      const refused = await another();
      expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'OVERLOADED' } }]);
      expect((await fetch(`${busy.opsUrl}/livez`)).status).toBe(200);
      for (const close of [seven, eighth]) close();
      await eventually('webhooks to be admitted again', async () => (await another()).status === 401);
    } finally {
      await busy.stop();
    }
  });
});

describe('headers', () => {
  test('a strict policy for pages, nothing that names the server, nothing to sniff', async () => {
    const { headers } = await send(`${app.url}/nowhere`, {});
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect(headers.get('content-security-policy')).not.toMatch(/paystack/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('only listed origins may read us', async () => {
    const from = async (origin: string) => {
      const reply = await get(app.url, 'catalog.products', {}, { headers: { origin } });
      return reply.headers.get('access-control-allow-origin');
    };
    expect(await from('https://shop.example')).toBe('https://shop.example');
    expect(await from('https://evil.example')).toBeNull();
    expect(await from('null')).toBeNull();
  });
});

test('the log names routes and statuses, and nothing that a client sent', async () => {
  const canary = 'canary-7f3a@example.com';
  await get(app.url, 'catalog.products', { search: canary });
  await get(app.url, `cart.${canary}`);
  await send(`${app.url}/${canary}?email=${canary}`, { headers: { 'user-agent': canary } });
  await post(app.url, 'auth.login', { email: canary, password: canary });
  await post(app.url, 'auth.register', { email: canary, password: canary, name: canary });
  await post(app.url, 'auth.register', { email: canary, password: canary, name: canary });
  const metrics = await app.ctx.events.registry.metrics();
  expect(JSON.stringify(app.logged) + metrics).not.toContain('canary');
  expect(app.logged).toContainEqual(expect.objectContaining({ route: 'trpc:auth.register', res: { statusCode: 400 } }));
});

async function sendNoBody() {
  const startedAt = performance.now();
  const reply = await fetch(`${app.url}/trpc/cart.removeItem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ada.token}` },
    body: new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"variantId":')) }),
    duplex: 'half',
  } as RequestInit);
  return {
    status: reply.status,
    code: JSON.parse(await reply.text()).error.data.code,
    tookMs: performance.now() - startedAt,
  };
}

test('a request whose body never comes is answered by the deadline', async () => {
  const { tookMs, ...answer } = await bodyless;
  expect(answer).toEqual({ status: 503, code: 'OVERLOADED' });
  expect(tookMs).toBeLessThan(7_000);
});

test('the server bounds slow headers, slow requests and idle connections', () => {
  const server = createHttpServer(createApp(app.ctx));
  expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 });
});
