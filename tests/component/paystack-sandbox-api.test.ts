/** The calls of foreign client libraries, in the forms in which those write them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';

const secretKey = 'sk_test_of_the_sandbox';
const authorization = `Bearer ${secretKey}`;
const START = Date.parse('2026-03-02T09:00:00.000Z');

const replySchema = z.looseObject({
  status: z.boolean(),
  message: z.string(),
  data: z.unknown().optional(),
  meta: z.unknown().optional(),
});
const metaSchema = z.looseObject({ total: z.number(), perPage: z.number(), page: z.number() });
const listedSchema = z.array(z.looseObject({ id: z.number(), reference: z.string() }));

let sandbox: PaystackSandbox;
let time = START;
let count = 0;

const openSandbox = () => startPaystackSandbox({ secretKey, clock: { now: () => new Date(time) } });

beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

async function get(path: string) {
  const answer = await fetch(sandbox.url + path, { headers: { authorization } });
  return { httpStatus: answer.status, ...replySchema.parse(await answer.json()) };
}

async function post(path: string, body: string | Buffer, contentType?: string) {
  const headers = contentType === undefined ? { authorization } : { authorization, 'content-type': contentType };
  // fetch names a type for text of its own accord, but none for bytes.
  const answer = await fetch(sandbox.url + path, { method: 'POST', headers, body: Buffer.from(body) });
  return { httpStatus: answer.status, ...replySchema.parse(await answer.json()) };
}

/** A second passes before each one. */
async function initialized(overrides: object = {}): Promise<string> {
  count += 1;
  time += 1_000;
  const reference = `api-${count}`;
  const body = { email: 'ada@example.com', amount: 150_000, currency: 'NGN', reference, ...overrides };
  expect((await post('/transaction/initialize', JSON.stringify(body), 'application/json')).httpStatus).toBe(200);
  return reference;
}

async function paid(overrides: object = {}): Promise<string> {
  const reference = await initialized(overrides);
  sandbox.pay(reference);
  return reference;
}

const listed = async (query: string) => listedSchema.parse((await get(`/transaction?${query}`)).data);
const referencesOf = async (query: string) => (await listed(query)).map(({ reference }) => reference);

describe('bodies', () => {
  const json = (reference: string) =>
    JSON.stringify({ reference, email: 'ada@example.com', amount: 150_000, metadata: { orderId: '7' } });
  const form = (reference: string) =>
    `reference=${reference}&email=ada%40example.com&amount=150000&metadata%5BorderId%5D=7`;

  test.each([
    ['JSON', json, 'application/json'],
    ['JSON with a character set', json, 'application/json; charset=utf-8'],
    ['JSON without a content type', json, undefined],
    ['JSON that calls itself a form', json, 'application/x-www-form-urlencoded'],
    ['JSON that calls itself text', json, 'text/plain'],
    ['a form', form, 'application/x-www-form-urlencoded'],
    ['a form without a content type', form, undefined],
  ])('%s is read', async (name, write, contentType) => {
    const reference = `body-${name.replaceAll(' ', '-')}`;
    expect(await post('/transaction/initialize', write(reference), contentType)).toMatchObject({ httpStatus: 200 });
    expect(sandbox.transaction(reference)).toMatchObject({
      email: 'ada@example.com',
      amount: 150_000,
      metadata: { orderId: '7' },
    });
  });

  test.each([
    ['a[]=1&a[]=2&b[c][d]=3', { a: ['1', '2'], b: { c: { d: '3' } } }],
    ['a[0]=1&a[1]=2&a[x=5&b=', { a: ['1', '2'], b: '' }],
    ['__proto__[polluted]=1&a[constructor][x]=1&b=2', { b: '2' }],
  ])('a form %s has lists and objects, and nothing that it should not have', async (fields, metadata) => {
    const nested = fields.replaceAll(/(^|&)([^[=&]+)/g, '$1metadata[$2]');
    const reference = await initialized();
    const body = `reference=${reference}x&email=ada@example.com&amount=150000&${nested}`;
    await post('/transaction/initialize', body, 'application/x-www-form-urlencoded');
    expect(sandbox.transaction(`${reference}x`).metadata).toEqual(metadata);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('JSON that is cut off is refused, whatever it calls itself', async () => {
    for (const contentType of ['application/json', 'application/x-www-form-urlencoded', undefined]) {
      expect(await post('/transaction/initialize', '{"email":', contentType)).toMatchObject({
        httpStatus: 400,
        status: false,
        code: 'invalid_json',
      });
    }
  });
});

describe('the list of transactions', () => {
  beforeEach(async () => {
    for (let n = 0; n < 4; n += 1) await initialized();
  });

  test('is filtered by status, amount, channel, customer, reference, currency and time', async () => {
    const customer = { email: 'filters@example.com' };
    await paid({ amount: 70_000 });
    const cheap = await paid({ ...customer, amount: 70_100 });
    const declined = await initialized({ ...customer, amount: 70_200 });
    sandbox.pay(declined, { card: 'declined' });
    const foreign = await paid({ email: 'Filters@example.com', amount: 70_300, currency: 'GHS' });
    const [{ id, customer_code: code } = { id: 0, customer_code: '' }] = z
      .array(z.looseObject({ customer: z.looseObject({ id: z.number(), customer_code: z.string() }) }))
      .parse(await listed(`reference=${cheap}`))
      .map((entry) => entry.customer);
    expect(await referencesOf(`customer=${id}`)).toEqual([foreign, declined, cheap]);
    expect(await referencesOf(`customer_code=${code}`)).toEqual([foreign, declined, cheap]);
    expect(await referencesOf(`customer=${id}&status=failed`)).toEqual([declined]);
    expect(await referencesOf(`customer=${id}&currency=GHS&status=`)).toEqual([foreign]);
    expect(await referencesOf('amount=70100')).toEqual([cheap]);
    expect(await referencesOf('amount=70000&channel=card')).toHaveLength(1);
    expect(await referencesOf(`customer=${id}&channel=ussd`)).toEqual([]);
    expect(await referencesOf(`customer=${id}&channel=card&source=merchantApi`)).toHaveLength(3);
    expect(await referencesOf(`customer=${id}&settlement=5687910`)).toEqual([]);
    const [from, to] = [sandbox.transaction(declined).createdAt, sandbox.transaction(foreign).createdAt];
    expect(await referencesOf(`from=${from}&to=${from}`)).toEqual([declined]);
    expect(await referencesOf(`from=${from}&to=${to}`)).toEqual([foreign, declined]);
  });

  test('takes both spellings of the size of a page', async () => {
    for (const size of ['perPage=2', 'per_page=2']) {
      const answer = await get(`/transaction?${size}&page=2`);
      expect(metaSchema.parse(answer.meta)).toMatchObject({ perPage: 2, page: 2 });
      expect(answer.data).toHaveLength(2);
    }
  });

  test('is read forwards and backwards by cursor', async () => {
    const cursorSchema = z.object({
      next: z.string().nullable(),
      previous: z.string().nullable(),
      perPage: z.number(),
    });
    const page = async (query: string) => {
      // As Python writes a boolean.
      const { data, meta } = await get(`/transaction?use_cursor=True&per_page=2${query}`);
      return { ids: listedSchema.parse(data).map(({ id }) => id), ...cursorSchema.parse(meta) };
    };
    const first = await page('');
    const second = await page(`&next=${first.next}`);
    expect(first.previous).toBeNull();
    expect(Math.max(...second.ids)).toBeLessThan(Math.min(...first.ids));
    expect(await page(`&previous=${second.previous}`)).toEqual(first);
    expect(await get('/transaction?use_cursor=true&next=%21')).toMatchObject({ httpStatus: 400 });
  });
});

describe('one transaction', () => {
  test('is read by its number, which no other path is taken for', async () => {
    const reference = await paid();
    const { id } = sandbox.transaction(reference);
    expect(await get(`/transaction/${id}`)).toMatchObject({
      message: 'Transaction retrieved',
      data: { id, reference, status: 'success', connect: null, helpdesk_link: null },
    });
    expect((await get('/transaction/1')).httpStatus).toBe(404);
  });

  test('has a timeline of its attempts, by number and by reference', async () => {
    const reference = await initialized();
    time += 5_000;
    sandbox.pay(reference, { card: 'declined' });
    time += 7_000;
    sandbox.pay(reference);
    const { id, createdAt } = sandbox.transaction(reference);
    const timeline = await get(`/transaction/timeline/${reference}`);
    expect(timeline).toMatchObject({
      message: 'Timeline retrieved',
      data: { start_time: Date.parse(createdAt) / 1_000, time_spent: 12, attempts: 2, errors: 1, success: true },
    });
    expect(timeline.data).toHaveProperty('history', [
      { type: 'action', message: 'Attempted to pay with card', time: 5 },
      { type: 'error', message: 'Error: Declined', time: 5 },
      { type: 'action', message: 'Attempted to pay with card', time: 12 },
      { type: 'success', message: 'Successfully paid with card', time: 12 },
    ]);
    expect((await get(`/transaction/timeline/${id}`)).data).toEqual(timeline.data);
    expect(await get('/transaction/timeline/none')).toMatchObject({ httpStatus: 404, status: false });
  });
});

describe('reports', () => {
  test('totals are those of the captured charges of a time, by currency', async () => {
    time += 3600_000;
    await paid({ amount: 100_000 });
    await paid({ amount: 20_000 });
    await paid({ amount: 5_000, currency: 'GHS' });
    await initialized({ amount: 900_000 });
    const from = new Date(time - 4_000).toISOString();
    const byCurrency = [
      { currency: 'NGN', amount: 120_000 },
      { currency: 'GHS', amount: 5_000 },
    ];
    expect((await get(`/transaction/totals?from=${from}`)).data).toEqual({
      total_transactions: 3,
      total_volume: 125_000,
      total_volume_by_currency: byCurrency,
      pending_transfers: 125_000,
      pending_transfers_by_currency: byCurrency,
    });
    expect((await get('/transaction/totals?from=2100-01-01')).data).toMatchObject({ total_transactions: 0 });
  });

  test('an export is a file at an address of its own, for a minute', async () => {
    const reference = await paid({ email: '"quoted"@example.com' });
    const { path, expiresAt } = z
      .object({ path: z.url(), expiresAt: z.string() })
      .parse((await get(`/transaction/export?status=success&amount=150000&reference=${reference}`)).data);
    expect(expiresAt).toBe(
      new Date(time + 60_000)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ''),
    );
    const lines = (await (await fetch(path)).text()).trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`"${reference}","""quoted""@example.com","150000","NGN"`);
    time += 60_000;
    expect((await fetch(path)).status).toBe(403);
  });
});

describe('the clock', () => {
  const DAY = 24 * 3600_000;
  const timeSchema = z.object({ time: z.iso.datetime() });
  let others: PaystackSandbox;
  beforeEach(async () => {
    others = sandbox;
    sandbox = await openSandbox();
  });
  afterEach(async () => {
    await sandbox.close();
    sandbox = others;
  });

  test('is moved on over HTTP, never back, and the time of replies with it', async () => {
    const before = sandbox.time().getTime();
    const headers = { 'content-type': 'application/json' };
    const move = (advanceMs: number) =>
      fetch(`${sandbox.url}/__sandbox/clock`, { method: 'POST', headers, body: JSON.stringify({ advanceMs }) });
    const { time: moved } = timeSchema.parse(await (await move(30 * DAY)).json());
    expect(Date.parse(moved) - before).toBe(30 * DAY);
    expect((await move(-1)).status).toBe(400);
    expect(timeSchema.parse(await (await fetch(`${sandbox.url}/__sandbox/clock`)).json()).time).toBe(moved);
    const reference = await paid();
    expect(Date.parse(sandbox.transaction(reference).paidAt ?? '') - before).toBe(30 * DAY + 1_000);
  });

  test('takes refunds along, each state in its turn and at its time, and stays moved after a restart', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-clock-'));
    const options = { secretKey, folder, refundStepMs: DAY, clock: { now: () => new Date(START) } };
    const shop = await startPaystackSandbox(options);
    for (const reference of ['early', 'late']) {
      const send = (url: string, body: object) =>
        fetch(shop.url + url, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      await send('/transaction/initialize', { email: 'ada@example.com', amount: 150_000, reference });
      shop.pay(reference);
      await send('/refund', { transaction: reference });
      shop.advanceClock(DAY / 2);
    }
    const states = () => shop.ledger().refunds.map(({ status }) => status);
    expect(states()).toEqual(['processing', 'pending']);
    shop.advanceClock(DAY / 4);
    expect(states()).toEqual(['processing', 'pending']);
    shop.advanceClock(30 * DAY);
    expect(states()).toEqual(['processed', 'processed']);
    expect(shop.webhooks().map(({ event, reference }) => `${event} ${reference}`)).toEqual([
      ...['charge.success early', 'refund.pending early', 'charge.success late', 'refund.pending late'],
      ...['refund.processing early', 'refund.processing late', 'refund.processed early', 'refund.processed late'],
    ]);
    const moved = shop.time();
    await shop.close();
    const again = await startPaystackSandbox(options);
    expect(again.time()).toEqual(moved);
    await again.close();
    rmSync(folder, { recursive: true });
  });
});
