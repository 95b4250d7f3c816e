/**
 * The sandbox's faults, checkout page and control API, on which fault, browser and chaos tests depend. Plain HTTP, no
 * database.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FaultRule, type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';

const secretKey = 'sk_test_of_the_sandbox';
const reference = 'ord-TEST-1';
const callback = 'http://127.0.0.1:9/orders/verify-payment/ord-TEST-1/';
let sandbox: PaystackSandbox;

const request = (method: string, url: string, body?: object, timeoutMs = 3_000): Promise<Response> =>
  fetch(sandbox.url + url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const verify = (timeoutMs?: number) => request('GET', `/transaction/verify/${reference}`, undefined, timeoutMs);

const initialize = (overrides: object = {}) =>
  request('POST', '/transaction/initialize', {
    email: '<ada>@example.com',
    amount: 150_000,
    currency: 'NGN',
    reference,
    callback_url: callback,
    metadata: { orderId: 'o-1', cancel_action: 'http://127.0.0.1:9/cancelled' },
    ...overrides,
  });

beforeEach(async () => {
  sandbox = await startPaystackSandbox({ secretKey });
  await initialize();
});

afterEach(() => sandbox.close());

describe('faults', () => {
  test('a status fault applies the scripted number of times, with Retry-After, and executes nothing', async () => {
    sandbox.script({ route: 'refund.create', times: 1, fault: { kind: 'status', status: 429, retryAfterSeconds: 7 } });
    sandbox.pay(reference);
    const limited = await request('POST', '/refund', { transaction: reference });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(sandbox.ledger().refunds).toHaveLength(0);
    expect((await request('POST', '/refund', { transaction: reference })).status).toBe(200);
    expect(sandbox.requests({ route: 'refund.create', reference }).map((entry) => entry.carriedOut)).toEqual([
      false,
      true,
    ]);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('a connection cut with carriedOut %s leaves %i refunds', async (carriedOut, count) => {
    sandbox.pay(reference);
    sandbox.script({ route: 'refund.create', carriedOut, fault: { kind: 'drop' } });
    await expect(request('POST', '/refund', { transaction: reference })).rejects.toThrow('fetch failed');
    expect(sandbox.ledger().refunds).toHaveLength(count);
  });

  test('a hanging call gets no answer until the caller gives up', async () => {
    sandbox.script({ route: 'verify', fault: { kind: 'hang' } });
    await expect(verify(100)).rejects.toThrow('timeout');
    expect(sandbox.requests({ route: 'verify' })).toMatchObject([{ status: null, reference }]);
  });

  test.each<[FaultRule['fault'], (answer: Response) => Promise<unknown>]>([
    [{ kind: 'malformed' }, async (answer) => expect(answer.json()).rejects.toThrow('JSON')],
    [{ kind: 'html' }, async (answer) => expect(await answer.text()).toContain('<h1>502')],
    [{ kind: 'redirect', to: 'http://127.0.0.1:9/' }, async (answer) => expect(answer.status).toBe(302)],
    [
      { kind: 'huge', bytes: 1_000_000 },
      async (answer) => expect((await answer.text()).length).toBeGreaterThan(1_000_000),
    ],
    [{ kind: 'drip', byteEveryMs: 1 }, async (answer) => expect(await answer.json()).toMatchObject({ status: true })],
    [{ kind: 'delay', ms: 5 }, async (answer) => expect(await answer.json()).toMatchObject({ status: true })],
  ])('%j bends the answer of any route', async (fault, check) => {
    sandbox.script({ route: 'any', fault });
    // A reply of 1.5 kB that drips takes seconds on a busy machine.
    await check(await verify(15_000));
  });

  test.each<[Extract<FaultRule['fault'], { kind: 'override' }>, object]>([
    [{ kind: 'override', amountDelta: -1 }, { data: { amount: 149_999, requested_amount: 149_999 } }],
    [{ kind: 'override', data: { amount: '1000' } }, { data: { amount: '1000' } }],
    [{ kind: 'override', data: { amount: 1e21, domain: 'live' } }, { data: { amount: 1e21, domain: 'live' } }],
    [{ kind: 'override', body: { status: 'false' } }, { status: 'false' }],
  ])('%j changes the reply of verify and nothing in the ledger', async (fault, expected) => {
    const before = sandbox.ledger();
    const remove = sandbox.script({ route: 'verify', reference, fault });
    expect(await (await verify()).json()).toMatchObject(expected);
    remove();
    expect(await (await verify()).json()).toMatchObject({ status: true, data: { amount: 150_000, domain: 'test' } });
    expect(sandbox.ledger()).toEqual(before);
  });
});

describe('the checkout page', () => {
  const post = (fields: Record<string, string>) =>
    fetch(sandbox.checkoutUrl(reference), { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
  const card = { action: 'card', number: '4084 0840 8408 4081', expiry: '12/99', cvv: '408' };
  const paidLocation = `${callback}?trxref=${reference}&reference=${reference}`;

  test('shows amount and email, escaped, and may load and run nothing', async () => {
    const page = await fetch(sandbox.checkoutUrl(reference));
    const html = await page.text();
    expect(html).toContain('₦1,500.00');
    expect(html).toContain('&lt;ada&gt;@example.com');
    expect(html).not.toMatch(/<script|<ada>|src=|https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('a paid card leads to the callback with both reference parameters, and pressing again does not pay again', async () => {
    for (const answer of [await post(card), await post(card)]) {
      expect([answer.status, answer.headers.get('location')]).toEqual([303, paidLocation]);
    }
    expect(sandbox.transaction(reference).attempts).toHaveLength(1);
  });

  test('a declined card comes back to the page, which says so and takes another card', async () => {
    const declined = await post({ ...card, number: '4084080000005408', cvv: '001' });
    expect(declined.headers.get('location')).toBe(new URL(sandbox.checkoutUrl(reference)).pathname);
    expect(await (await fetch(sandbox.checkoutUrl(reference))).text()).toContain('Declined. You were not charged');
    expect((await post(card)).headers.get('location')).toBe(paidLocation);
    expect(sandbox.transaction(reference).status).toBe('success');
  });

  test.each([
    [{ number: '4111 1111 1111 1111' }, 'Use one of the test cards'],
    [{ expiry: '01/20' }, 'has expired'],
    [{ expiry: '13/30' }, 'MM/YY'],
    [{ cvv: '000' }, 'CVV does not belong'],
  ])('%j is pointed out at its field and is no attempt', async (wrong, message) => {
    const answer = await post({ ...card, ...wrong });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(message);
    expect(sandbox.transaction(reference)).toMatchObject({ status: 'abandoned', attempts: [] });
  });

  test('abandoning leads to the cancel address and leaves the reference abandoned', async () => {
    expect((await post({ action: 'abandon' })).headers.get('location')).toBe('http://127.0.0.1:9/cancelled');
    expect(sandbox.transaction(reference).status).toBe('abandoned');
  });

  test.each([
    ['lose-webhook', ['lost']],
    ['hold-webhook', ['held']],
    ['late-webhook', ['scheduled']],
    ['duplicate-webhook', ['unaddressed', 'unaddressed']],
  ])('the button %s pays and treats the webhook so', async (action, states) => {
    expect((await post({ action })).headers.get('location')).toBe(paidLocation);
    await sandbox.webhooksIdle();
    expect(sandbox.webhooks({ reference }).map((delivery) => delivery.state)).toEqual(states);
  });
});

describe('controls over HTTP', () => {
  test('pay, script and read the ledger as in process', async () => {
    await request('POST', '/__sandbox/faults', { route: 'verify', times: 1, fault: { kind: 'status', status: 500 } });
    expect((await verify()).status).toBe(500);
    const paid = await request('POST', '/__sandbox/pay', { reference, card: 'success', webhook: 'lose' });
    expect(await paid.json()).toMatchObject({ charged: true, status: 'success', deliveries: [{ state: 'lost' }] });
    const ledger = await (await request('GET', '/__sandbox/ledger')).json();
    expect(ledger).toEqual(JSON.parse(JSON.stringify(sandbox.ledger())));
    expect((await request('POST', '/__sandbox/pay', { reference, wrong: 1 })).status).toBe(400);
  });

  test('a page of another site cannot use them', async () => {
    const url = `${sandbox.url}/__sandbox/pay`;
    const forged = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect(forged.status).toBe(403);
    expect(
      (await fetch(`${sandbox.url}/__sandbox/ledger`, { headers: { origin: 'http://evil.example' } })).status,
    ).toBe(403);
  });
});

test('with a data folder, the ledger survives a restart', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'paystack-sandbox-'));
  try {
    const before = await startPaystackSandbox({ secretKey, folder });
    const body = JSON.stringify({ email: 'ada@example.com', amount: 150_000, reference: 'ord-KEPT-1' });
    const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' };
    await fetch(`${before.url}/transaction/initialize`, { method: 'POST', headers, body });
    before.pay('ord-KEPT-1');
    const kept = before.ledger();
    await before.close();
    const after = await startPaystackSandbox({ secretKey, folder });
    expect(after.ledger()).toEqual(kept);
    await after.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
