/**
 * The replies of the API against its published members, on the sandbox in every run, and on Paystack's test mode if
 * PAYSTACK_TEST_SECRET_KEY is set. Nothing can be paid there, so refunds are read on the sandbox only.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type * as z from 'zod';
import { type CardName, type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { PAYSTACK_API_URL } from '../../server/paystack/service.ts';
import * as published from './published-replies.ts';

const SANDBOX_KEY = 'sk_test_published';
const realKey = process.env.PAYSTACK_TEST_SECRET_KEY;

let sandbox: PaystackSandbox;
beforeAll(async () => {
  sandbox = await startPaystackSandbox({ secretKey: SANDBOX_KEY, webhookRetryScale: 0 });
});
afterAll(() => sandbox.close());

const onSandbox = { name: 'the sandbox', url: () => sandbox.url, key: SANDBOX_KEY };
const onPaystack = (key: string) => ({ name: 'Paystack test mode', url: () => PAYSTACK_API_URL, key });
type Target = typeof onSandbox;

async function request({ url, key }: Target, path: string, body?: object) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'user-agent': 'orders-module' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(url() + path, init);
  return { httpStatus: answer.status, body: (await answer.json()) as unknown };
}

async function read<T extends z.ZodType>(target: Target, path: string, schema: T, body?: object): Promise<z.infer<T>> {
  const reply = await request(target, path, body);
  expect(schema.safeParse(reply.body).error?.issues ?? []).toEqual([]);
  return schema.parse(reply.body);
}

async function initialize(target: Target, amount = 150_000) {
  const body = { email: 'published@example.com', amount, currency: 'NGN', reference: randomBytes(8).toString('hex') };
  const { data } = await read(target, '/transaction/initialize', published.envelope(published.initialized), body);
  return data;
}

describe.each([onSandbox, ...(realKey === undefined ? [] : [onPaystack(realKey)])])('on $name', (target) => {
  test('a transaction has its published members in verify, by its number, in the list and in its timeline', async () => {
    const { reference } = await initialize(target);
    const { data } = await read(
      target,
      `/transaction/verify/${reference}`,
      published.envelope(published.verified.omit({ source: true })),
    );
    expect(data).toMatchObject({ reference, status: 'abandoned', paid_at: null });
    const one = await read(target, `/transaction/${data.id}`, published.envelope(published.fetched));
    expect(one.data).toMatchObject({ id: data.id, reference });
    const list = await read(target, '/transaction?perPage=5', published.pagedEnvelope(published.listed));
    expect(list.data.length).toBeLessThanOrEqual(5);
    await read(target, `/transaction/timeline/${reference}`, published.envelope(published.timeline));
  });

  test('totals, exports and banks have their published members', async () => {
    await read(target, '/transaction/totals', published.envelope(published.totals));
    await read(target, '/transaction/export?status=success', published.envelope(published.exported));
    const { data } = await read(target, '/bank?currency=NGN&perPage=2', published.envelope(published.bank.array()));
    expect(data).toHaveLength(2);
    expect(data.every(({ country, currency }) => country === 'Nigeria' && currency === 'NGN')).toBe(true);
  });
});

describe('on the sandbox, refunds', () => {
  const paid = async (card: CardName = 'success') => {
    const { reference } = await initialize(onSandbox);
    sandbox.pay(reference, { card });
    return reference;
  };
  const refunded = async (body: object) =>
    (await read(onSandbox, '/refund', published.envelope(published.createdRefund), body)).data;

  test('have their published members when created, in the list, and in each state', async () => {
    const reference = await paid();
    const { id } = await refunded({ transaction: reference, amount: 50_000 });
    const { id: transaction } = sandbox.transaction(reference);
    const list = await read(onSandbox, `/refund?transaction=${transaction}`, published.pagedEnvelope(published.refund));
    expect(list.data).toMatchObject([{ id, transaction, status: 'pending', refund_type: 'partial' }]);
    sandbox.finishRefunds(reference);
    const { data } = await read(onSandbox, `/refund/${id}`, published.envelope(published.refund));
    expect(data).toMatchObject({
      transaction_reference: reference,
      transaction_amount: 150_000,
      fully_deducted: 1,
      deducted_amount: 50_000,
      refunded_at: data.updatedAt,
    });
  });

  test('have a note that Paystack writes where none was sent', async () => {
    const [first, second] = [await paid(), await paid()];
    expect(await refunded({ transaction: first, customer_note: '' })).toMatchObject({
      customer_note: `Refund for transaction ${first}`,
      merchant_note: expect.stringMatching(new RegExp(`^Refund for transaction ${first} by \\S+@\\S+$`)),
    });
    const notes = { customer_note: 'Sorry', merchant_note: 'rf:1' };
    expect(await refunded({ transaction: second, ...notes })).toMatchObject(notes);
  });

  test('are filtered by transaction, currency and time', async () => {
    const [first, second] = [await paid(), await paid()];
    const { id, createdAt } = await refunded({ transaction: first });
    await refunded({ transaction: second });
    const idsOf = async (query: string) =>
      (await read(onSandbox, `/refund?${query}`, published.pagedEnvelope(published.refund))).data.map((one) => one.id);
    expect(await idsOf(`transaction=${first}`)).toEqual([id]);
    expect(await idsOf(`transaction=${sandbox.transaction(first).id}&currency=NGN&from=${createdAt}`)).toEqual([id]);
    expect(await idsOf(`transaction=${first}&currency=GHS`)).toEqual([]);
    expect(await idsOf(`transaction=${first}&to=2020-01-01`)).toEqual([]);
    expect(await idsOf('per_page=2')).toHaveLength(2);
  });

  test('that need attention go on with complete details of an account only', async () => {
    const reference = await paid('refund-needs-attention');
    const { id } = await refunded({ transaction: reference });
    sandbox.finishRefunds(reference);
    const path = `/refund/retry_with_customer_details/${id}`;
    const account = { currency: 'NGN', account_number: '1234567890', bank_id: '9' };
    const retry = (details: object) => request(onSandbox, path, { refund_account_details: details });
    const incomplete = Object.keys(account).map((name) => ({ ...account, [name]: undefined }));
    for (const details of incomplete) {
      expect(await retry(details)).toMatchObject({ httpStatus: 400, body: { status: false, code: 'missing_params' } });
    }
    const wrong = [{ currency: 'GHS' }, { account_number: '12' }, { bank_id: '28' }, { bank_id: '999999' }];
    for (const change of wrong) {
      expect(await retry({ ...account, ...change })).toMatchObject({
        httpStatus: 400,
        body: { code: 'invalid_params' },
      });
    }
    expect(sandbox.transaction(reference).refunds).toMatchObject([{ status: 'needs-attention' }]);
    const { data } = await read(onSandbox, path, published.envelope(published.refund), {
      refund_account_details: account,
    });
    expect(data).toMatchObject({ id, status: 'processing', reason: 'PROCESSING' });
    expect(await retry(account)).toMatchObject({ httpStatus: 422, body: { code: 'invalid_params' } });
  });
});
