/** Payouts of the sandbox: what is in one, what is deducted, and when one is made as its clock moves. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';

const secretKey = 'sk_test_of_the_sandbox';
const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' };
const HOUR = 3600_000;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Date.parse('2026-03-02T09:00:00.000Z');

const settlementSchema = z.looseObject({
  id: z.number(),
  status: z.string(),
  currency: z.string(),
  total_amount: z.number(),
  effective_amount: z.number(),
  total_fees: z.number(),
  total_processed: z.number(),
  deductions: z.number().nullable(),
  settlement_date: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const rowSchema = z.looseObject({ id: z.number(), reference: z.string(), amount: z.number(), fees: z.number() });
const pageOf = <T extends z.ZodType>(entry: T) =>
  z.looseObject({ data: z.array(entry), meta: z.looseObject({ total: z.number(), total_volume: z.number() }) });

let sandbox: PaystackSandbox;
let count = 0;
const open: PaystackSandbox[] = [];

async function start(): Promise<void> {
  sandbox = await startPaystackSandbox({ secretKey, clock: { now: () => new Date(START) } });
  open.push(sandbox);
}
beforeAll(start);
afterEach(start);
afterAll(() => Promise.all(open.map((one) => one.close())));

const get = async (path: string): Promise<unknown> => (await fetch(sandbox.url + path, { headers })).json();
const settlements = async (query = '') => pageOf(settlementSchema).parse(await get(`/settlement${query}`));
const rows = async (id: number, query = '') =>
  pageOf(rowSchema).parse(await get(`/settlement/${id}/transactions${query}`));

async function send(path: string, body: object): Promise<unknown> {
  return (await fetch(sandbox.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

async function paid(amount: number, currency = 'NGN'): Promise<string> {
  count += 1;
  const reference = `settled-${count}`;
  await send('/transaction/initialize', { email: 'ada@example.com', amount, currency, reference });
  sandbox.pay(reference);
  return reference;
}

describe('a settlement', () => {
  test('is made in the night of each business day, of the charges of the days before, and paid in the morning', async () => {
    const monday = await paid(1_000_000);
    expect((await settlements()).data).toEqual([]);
    sandbox.advanceClock(17 * HOUR);
    expect((await settlements()).data).toMatchObject([
      { status: 'pending', settlement_date: '2026-03-03T00:00:00.000Z' },
    ]);
    sandbox.advanceClock(6 * HOUR);
    const { data, meta } = await settlements();
    expect(meta.total).toBe(1);
    const [first] = data;
    expect(first).toMatchObject({
      ...{ status: 'success', currency: 'NGN', deductions: null },
      ...{ total_processed: 1_000_000, total_fees: 25_000, total_amount: 975_000, effective_amount: 975_000 },
      ...{ createdAt: '2026-03-03T01:00:00.000Z', updatedAt: '2026-03-03T08:00:00.000Z' },
    });
    sandbox.advanceClock(3 * DAY);
    const friday = await paid(200_000);
    sandbox.advanceClock(DAY);
    const saturday = await paid(300_000);
    const cedis = await paid(100_000, 'GHS');
    sandbox.advanceClock(DAY);
    expect((await settlements()).data).toHaveLength(1);
    sandbox.advanceClock(DAY);
    const made = (await settlements()).data;
    expect(made.map((one) => [one.currency, one.total_processed, one.total_fees, one.settlement_date])).toEqual([
      ['GHS', 100_000, 1_950, '2026-03-09T00:00:00.000Z'],
      ['NGN', 500_000, 3_000 + 14_500, '2026-03-09T00:00:00.000Z'],
      ['NGN', 1_000_000, 25_000, '2026-03-03T00:00:00.000Z'],
    ]);
    const charges = await Promise.all(made.map(({ id }) => rows(id)));
    expect(charges.map(({ data: listed }) => listed.map(({ reference }) => reference))).toEqual([
      ...[[cedis], [saturday, friday], [monday]],
    ]);
    const [, naira] = charges;
    expect(naira?.meta).toMatchObject({ total: 2, total_volume: 5_000 });
    expect(naira?.data.map(({ amount, fees }) => [amount, fees])).toEqual([
      ...[
        [300_000, 14_500],
        [200_000, 3_000],
      ],
    ]);
  });

  test('has pages, ignores every filter, and is unknown under another id', async () => {
    await paid(100_000);
    await paid(200_000);
    const [made] = sandbox.settle();
    const { data, meta } = await rows(made?.id ?? 0, '?perPage=1&page=2&from=2100-01-01');
    expect([data.map(({ amount }) => amount), meta.total]).toEqual([[100_000], 2]);
    expect((await settlements('?from=2100-01-01&to=2000-01-01&status=failed')).data).toHaveLength(1);
    expect(await get('/settlement/1/transactions')).toMatchObject({ status: false, code: 'settlement_not_found' });
    const filtered = z.looseObject({ data: z.array(rowSchema) });
    expect(filtered.parse(await get(`/transaction?settlement=${made?.id}&settled=true`)).data).toHaveLength(2);
    expect(filtered.parse(await get('/transaction?settled=false')).data).toEqual([]);
    expect(await get('/transaction/totals')).toMatchObject({ data: { total_volume: 300_000, pending_transfers: 0 } });
    sandbox.moveSettlement(made?.id ?? 0, 'failed');
    expect((await settlements()).data).toMatchObject([{ status: 'failed' }]);
  });
});

describe('refunds and lost disputes', () => {
  test('are deducted once, and never leave less than nothing', async () => {
    const [refunded, disputed, small] = [await paid(1_000_000), await paid(800_000), await paid(100_000)];
    sandbox.settle();
    await send('/refund', { transaction: refunded, amount: 150_000 });
    expect(sandbox.settle()).toEqual([]);
    sandbox.finishRefunds();
    sandbox.resolveDispute(sandbox.openDispute(disputed).id, 'merchant-accepted', { amount: 50_000 });
    await paid(100_000);
    expect(sandbox.settle()).toMatchObject([{ gross: 100_000, fees: 1_500, deductions: 98_500, net: 0 }]);
    sandbox.resolveDispute(sandbox.openDispute(small).id, 'declined');
    await paid(900_000);
    expect(sandbox.settle()).toMatchObject([{ gross: 900_000, fees: 23_500, deductions: 101_500, net: 775_000 }]);
    await paid(100_000);
    expect(sandbox.settle()).toMatchObject([{ deductions: null, net: 98_500 }]);
  });

  test('find no balance once all is paid out, by switch', async () => {
    sandbox.setSwitches({ refundBalance: 'pending-payout-only', secondRefundWhilePending: 'accepted' });
    const reference = await paid(1_000_000);
    expect(await send('/refund', { transaction: reference, amount: 975_001 })).toMatchObject({
      code: 'insufficient_balance',
    });
    expect(await send('/refund', { transaction: reference, amount: 400_000 })).toMatchObject({ status: true });
    expect(await send('/refund', { transaction: reference, amount: 575_001 })).toMatchObject({
      code: 'insufficient_balance',
    });
    sandbox.settle();
    expect(await send('/refund', { transaction: reference, amount: 100 })).toMatchObject({
      code: 'insufficient_balance',
    });
  });
});

describe('fees', () => {
  test.each([
    ['NGN', 249_999, false, 3_750],
    ['NGN', 250_000, false, 13_750],
    ['NGN', 20_000_000, false, 200_000],
    ['NGN', 100_000, true, 13_900],
    ['GHS', 10_001, false, 196],
    ['KES', 100_000, false, 2_900],
    ['ZAR', 100_000, false, 3_000],
  ])('of a card in %s for %i, foreign: %s', async (currency, amount, international, fees) => {
    count += 1;
    const reference = `fees-${count}`;
    await send('/transaction/initialize', { email: 'ada@example.com', amount, currency, reference });
    sandbox.pay(reference, { international });
    expect(sandbox.transaction(reference).fees).toBe(fees);
  });
});
