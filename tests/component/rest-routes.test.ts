/**
 * The REST routes behave the same with and without a trailing slash, for programs and browsers, and as openapi.json
 * describes.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ERROR_STATUSES } from '../../server/http/error-statuses.ts';
import {
  ADDRESS,
  checkout,
  fillCart,
  makeVariants,
  newCheckoutKey,
  order,
  pay,
  refusalOf,
} from '../support/checkouts.ts';
import { send } from '../support/raw-trpc.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function shopperWithCart() {
  const [item] = await makeVariants(app, {});
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 1]]);
  return shopper;
}

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe.each(['', '/'])('with "%s" at its end', (end) => {
  test('POST /orders/initialize-payment is the procedure: same order, same answer, same refusals', async () => {
    const shopper = await shopperWithCart();
    const checkoutKey = newCheckoutKey();
    const url = `${app.url}/orders/initialize-payment${end}`;
    const body = JSON.stringify({ shippingAddress: ADDRESS, checkoutKey });
    const reply = await send(url, { method: 'POST', body }, { token: shopper.token });
    expect(reply.status).toBe(200);
    expect(await checkout(shopper, { checkoutKey })).toEqual(reply.body);

    const elsewhere = JSON.stringify({ shippingAddress: { ...ADDRESS, city: 'Ibadan' }, checkoutKey });
    const refused = await send(url, { method: 'POST', body: elsewhere }, { token: shopper.token });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'CHECKOUT_KEY_REUSED']);
    expect((await send(url, { method: 'POST', body })).status).toBe(401);
  });

  test('GET /orders/:id is the owner’s view', async () => {
    const [item] = await makeVariants(app, {});
    const { shopper, orderId } = await order(app, [[item, 2]]);
    const reply = await send(`${app.url}/orders/${orderId}${end}`, {}, { token: shopper.token });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(await shopper.client.orders.get.query({ id: orderId }));
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  test('GET /orders/verify-payment/:txRef returns JSON to a program and redirects a browser to the storefront', async () => {
    const [item] = await makeVariants(app, {});
    const { orderId, txRef } = await order(app, [[item, 1]]);
    const url = `${app.url}/orders/verify-payment/${txRef}${end}?trxref=${txRef}&reference=${txRef}`;
    for (const accept of ['application/json', '*/*']) {
      const program = await send(url, {}, { headers: { accept } });
      expect([program.status, program.body]).toEqual([200, { txRef, status: 'pending' }]);
    }
    const browser = await fetch(url, { headers: { accept: BROWSER }, redirect: 'manual' });
    expect(browser.status).toBe(303);
    expect(browser.headers.get('location')).toBe(`http://storefront.example/orders/${orderId}`);
  });
});

test.each(['ord-NOSUCHORDER1-1', 'ord_underscore', '%00', '..%2f..%2fbalance', 'x'.repeat(101)])(
  'the verify route answers 404 for %s without asking Paystack, to programs and browsers alike',
  async (reference) => {
    app.sandbox.clearRequests();
    for (const accept of ['application/json', BROWSER]) {
      const reply = await fetch(`${app.url}/orders/verify-payment/${reference}`, {
        headers: { accept },
        redirect: 'manual',
      });
      expect(reply.status).toBe(404);
      expect(reply.headers.get('content-type')).toMatch(accept === BROWSER ? /html/ : /json/);
    }
    expect(app.sandbox.requests()).toEqual([]);
  },
);

test('GET /orders/:id/receipt.pdf is a PDF named by the order, to its customer, once it is paid', async () => {
  const [item] = await makeVariants(app, {});
  const { shopper, orderId, txRef, code } = await order(app, [[item, 1]]);
  const url = `${app.url}/orders/${orderId}/receipt.pdf`;
  const ask = () => fetch(url, { headers: { authorization: `Bearer ${shopper.token}` } });
  const unpaid = await ask();
  expect(unpaid.status).toBe(409);
  expect(await unpaid.json()).toMatchObject({
    error: { code: 'ORDER_STATE_CONFLICT', message: 'There is no receipt yet: the order is not paid.' },
  });
  expect(await pay(app, txRef)).toBe('paid');
  const paid = await ask();
  expect(paid.status).toBe(200);
  expect(paid.headers.get('content-type')).toBe('application/pdf');
  expect(paid.headers.get('content-disposition')).toMatch(
    new RegExp(`^attachment; filename="?receipt-${code}\\.pdf"?$`),
  );
  expect(paid.headers.get('cache-control')).toMatch(/no-store/);
  const bytes = Buffer.from(await paid.arrayBuffer());
  expect([bytes.subarray(0, 5).toString(), bytes.subarray(-6).toString().trim()]).toEqual(['%PDF-', '%%EOF']);
  const other = await app.signUp();
  expect((await send(url, {}, { token: other.token })).status).toBe(404);
});

test('an order that is not an id is refused, and neither route is taken for the other', async () => {
  const shopper = await app.signUp();
  const bad = await send(`${app.url}/orders/not-an-id`, {}, { token: shopper.token });
  expect([bad.status, bad.body.error.code]).toEqual([400, 'INVALID_INPUT']);
  expect((await refusalOf(shopper.client.orders.get.query({ id: 'not-an-id' }))).code).toBe('INVALID_INPUT');
});

const response = z.object({ description: z.string().min(1) });
const operation = z.looseObject({
  summary: z.string().min(1),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), response),
});
const openApi = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }).loose(),
  servers: z.array(z.object({ url: z.url() })),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post']), operation)),
});

describe('the OpenAPI document', () => {
  async function readDocument() {
    const { status, body } = await send(`${app.url}/openapi.json`, {});
    expect(status).toBe(200);
    return body;
  }

  test('is one, of all routes, without a loose end', async () => {
    const document = await readDocument();
    expect(openApi.safeParse(document).error).toBeUndefined();
    expect(Object.keys(document.paths).sort()).toEqual([
      '/admin/dispute-files/{orderId}/',
      '/admin/logo/',
      '/admin/orders/list.csv',
      '/admin/payouts/list.csv',
      '/admin/payouts/{id}/charges.csv',
      '/admin/pictures/',
      '/admin/products/list.csv',
      '/orders/initialize-payment/',
      '/orders/verify-payment/{txRef}/',
      '/orders/{id}/',
      '/orders/{id}/receipt.pdf',
      '/pictures/{pictureId}/{size}/',
    ]);
    const text = JSON.stringify(document);
    for (const [, target = ''] of text.matchAll(/"\$ref":"#([^"]*)"/g))
      expect(target).toMatch(/^\/(components|\$defs)/);
    for (const [path, methods] of Object.entries<object>(document.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values<{ parameters?: { name: string }[] }>({ ...methods })) {
        expect(parameters.map(({ name }) => name)).toEqual(named);
      }
    }
  });

  test('names every code under the status that it is answered with, and for each route those that any may answer', async () => {
    const { paths } = await readDocument();
    for (const methods of Object.values<Record<string, { responses: Record<string, { description: string }> }>>(paths))
      for (const { responses } of Object.values(methods)) {
        const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
        const named = failures.flatMap(([status, { description }]) =>
          description.split(', ').map((code) => [code, Number(status)] as const),
        );
        const known = Object.entries(ERROR_STATUSES).map(([code, { http }]) => [code, http] as const);
        for (const pair of named) expect(known).toContainEqual(pair);
        const codes = named.map(([code]) => code);
        expect(codes).toEqual(expect.arrayContaining(['INVALID_INPUT', 'RATE_LIMITED', 'INTERNAL', 'OVERLOADED']));
      }
  });

  test('describes what is really answered: the answer’s fields are the schema’s', async () => {
    const document = await readDocument();
    const [item] = await makeVariants(app, {});
    const { shopper, orderId, txRef } = await order(app, [[item, 1]]);
    const shown = await send(`${app.url}/orders/${orderId}/`, {}, { token: shopper.token });
    const verified = await send(`${app.url}/orders/verify-payment/${txRef}/`, {});
    const refused = await send(`${app.url}/orders/${orderId}/`, {});
    const schemaOf = (path: string, method: string, status: number) =>
      z.fromJSONSchema(document.paths[path][method].responses[status].content['application/json'].schema);
    expect(schemaOf('/orders/{id}/', 'get', 200).safeParse(shown.body).error).toBeUndefined();
    expect(schemaOf('/orders/verify-payment/{txRef}/', 'get', 200).safeParse(verified.body).error).toBeUndefined();
    expect(refused.status).toBe(401);
    expect(schemaOf('/orders/{id}/', 'get', 401).safeParse(refused.body).error).toBeUndefined();
  });
});
