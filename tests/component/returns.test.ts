/** Browsers that Paystack sends back always get a page; callers share limits with nobody who should not count for them. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { driverCollection } from '../../models/db/connection.ts';
import { makeVariants, order } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { hangRequests } from '../support/hang-requests.ts';
import { get } from '../support/raw-trpc.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const CALLS = 12;

let app: TestApp;
beforeAll(async () => {
  const env = { CALLS_PER_MINUTE: String(CALLS), MAX_IN_FLIGHT: '4' };
  app = await startTestApp({ env, context: { clock: fakeClock() } });
});
afterAll(() => app.stop());

const comeBack = (reference: string, accept = BROWSER) =>
  fetch(`${app.url}/orders/verify-payment/${reference}?trxref=x`, { redirect: 'manual', headers: { accept } });

async function readPage(reply: Response): Promise<string> {
  expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
  const page = await reply.text();
  expect(page).toMatch(/^<!doctype html>[\s\S]*<h1/);
  return page;
}

async function placeOrder() {
  const [item] = await makeVariants(app, {});
  return order(app, [[item, 1]]);
}

describe('a browser at the return link', () => {
  test('is sent to the order’s page from one read, before Paystack has answered, and the payment is recorded behind it', async () => {
    const { orderId, txRef } = await placeOrder();
    app.sandbox.pay(txRef, { webhook: 'lose' });
    app.sandbox.clearRequests();
    const reads = jest.spyOn(driverCollection(app.db.orders), 'find');
    const reply = await comeBack(txRef);
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `http://storefront.example/orders/${orderId}`]);
    expect(app.sandbox.requests()).toEqual([]);
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
    await eventually(
      'the payment',
      async () => (await app.db.orders.findById(orderId).lean())?.paymentStatus === 'paid',
    );
  });

  test('with an unknown or malformed reference gets a page that names it, and Paystack is not asked', async () => {
    app.sandbox.clearRequests();
    for (const reference of ['ord-NOSUCHORDER1-1', '%3Cscript%3E', 'x'.repeat(300)]) {
      const reply = await comeBack(reference);
      expect(reply.status).toBe(404);
      const page = await readPage(reply);
      expect(page).toContain('We know no such payment');
      expect(page).not.toContain('<script');
    }
    expect(await readPage(await comeBack('ord-NOSUCHORDER1-1'))).toContain('“ord-NOSUCHORDER1-1”');
    expect(app.sandbox.requests()).toEqual([]);
  });

  test('with a link that is cut short or has grown gets a page, too, and an order that cannot be is no page of the shop', async () => {
    const { txRef } = await placeOrder();
    const at = async (path: string) => {
      const reply = await fetch(`${app.url}${path}`, { redirect: 'manual', headers: { accept: BROWSER } });
      return [reply.status, await readPage(reply)] as const;
    };
    for (const path of ['', '/', `/${txRef}/more`, '/a/b', '/%3Cscript%3Ealert(1)%3C/script%3E'])
      expect(await at(`/orders/verify-payment${path}`)).toEqual([
        404,
        expect.stringContaining('We know no such payment'),
      ]);
    for (const path of ['/orders/x/y', '/orders/0123456789abcdef01234567/receipt.pdf', '/admin/payouts.csv', '/admin'])
      expect((await at(path))[0]).toBeGreaterThanOrEqual(401);
    const asProgram = await fetch(`${app.url}/orders/verify-payment/`, { headers: { accept: '*/*' } });
    expect([asProgram.status, asProgram.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  });

  test('is limited by its reference alone, with a page; a program with JSON', async () => {
    const [first, second] = [await placeOrder(), await placeOrder()];
    const statuses: number[] = [];
    for (let n = 0; n <= CALLS; n += 1) {
      const reply = await comeBack(first.txRef);
      statuses.push(reply.status);
      if (reply.status !== 303) await readPage(reply);
    }
    expect(statuses).toEqual([...Array(CALLS).fill(303), 429]);
    expect((await comeBack(first.txRef, 'application/json')).status).toBe(429);
    expect((await comeBack(second.txRef)).status).toBe(303);
    expect((await comeBack(second.txRef, 'application/json')).status).toBe(200);
  });

  test('gets a page while the database does not answer, and it says that nothing is lost', async () => {
    const find = jest.spyOn(driverCollection(app.db.orders), 'find').mockImplementation(() => {
      throw Object.assign(new Error('no server'), { name: 'MongoServerSelectionError' });
    });
    try {
      const reply = await comeBack('ord-ANYCODE12345-1');
      expect(reply.status).toBeGreaterThanOrEqual(500);
      expect(await readPage(reply)).toContain('If you have paid, nothing is lost');
    } finally {
      find.mockRestore();
    }
  });

  test('is served while the shop refuses everything but webhooks; others get a page that says so', async () => {
    const { txRef } = await placeOrder();
    const signed = `x-paystack-signature: ${'0'.repeat(128)}`;
    const release = await hangRequests(app, 4, 'POST /webhooks/paystack HTTP/1.1', signed);
    expect((await comeBack(txRef, 'application/json')).status).toBe(503);
    expect((await comeBack(txRef)).status).toBe(303);
    const shed = await fetch(`${app.url}/`, { headers: { accept: BROWSER } });
    expect([shed.status, shed.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await readPage(shed)).toContain('One moment, please');
    release();
  });
});

test('twenty browsers that come back at once are nothing to warn of', async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => warnings.push(name);
  process.on('warning', note);
  for (let n = 0; n < 20; n += 1) await comeBack((await placeOrder()).txRef);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

describe('calls', () => {
  test('of signed-in people count by account, those of strangers by their common address', async () => {
    const [ada, ben, eve] = [await app.signUp(), await app.signUp(), await app.signUp()];
    const call = (token?: string) => get(app.url, 'catalog.products', {}, { token }).then(({ status }) => status);
    const callAll = async (times: number, token?: string) => {
      const statuses: number[] = [];
      for (let n = 0; n < times; n += 1) statuses.push(await call(token));
      return new Set(statuses);
    };
    for (const { token } of [ada, ben, eve]) expect(await callAll(CALLS, token)).toEqual(new Set([200]));
    expect(await call(ada.token)).toBe(429);
    expect(await call()).not.toBe(429);
    await callAll(CALLS);
    expect(await call()).toBe(429);
    // A made-up token is no account.
    expect(await call('made.up.token')).toBe(429);
    expect((await get(app.url, 'auth.me', undefined, { token: (await app.signUp()).token })).status).toBe(200);
  });
});

test('requests through a proxy that the configuration does not know are reported once, in the log and in /readyz', async () => {
  const readyz = async () => (await fetch(`${app.opsUrl}/readyz`)).json();
  expect(await readyz()).toEqual({ status: 'ok', failed: [] });
  for (const address of ['203.0.113.9', '203.0.113.10'])
    await fetch(`${app.url}/nowhere`, { headers: { 'x-forwarded-for': address } });
  const lines = app.logged.filter(({ event }) => event === 'unknown_proxy');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'warn', msg: expect.stringMatching(/TRUST_PROXY is 0.*Set TRUST_PROXY/) });
  expect(await readyz()).toMatchObject({ status: 'ok', warnings: [expect.stringContaining('TRUST_PROXY')] });
});
