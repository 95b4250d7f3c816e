/** Replies and events about disputes and settlements against their published members, on the sandbox. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type * as z from 'zod';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import * as published from './published-replies.ts';

const secretKey = 'sk_test_published';
const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' };

let sandbox: PaystackSandbox;
beforeAll(async () => {
  sandbox = await startPaystackSandbox({ secretKey, webhookRetryScale: 0 });
});
afterAll(() => sandbox.close());

async function read<T extends z.ZodType>(method: string, path: string, schema: T, body?: object): Promise<z.infer<T>> {
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const reply = await (await fetch(sandbox.url + path, init)).json();
  expect(schema.safeParse(reply).error?.issues ?? []).toEqual([]);
  return schema.parse(reply);
}

async function paid(): Promise<string> {
  const body = { email: 'published@example.com', amount: 150_000, reference: randomBytes(8).toString('hex') };
  await read('POST', '/transaction/initialize', published.envelope(published.initialized), body);
  sandbox.pay(body.reference);
  return body.reference;
}

test('a dispute has its published members in each reply, from its opening to its end', async () => {
  const reference = await paid();
  const { id, transactionId } = sandbox.openDispute(reference, { category: 'fraud' });
  await read('GET', `/dispute?transaction=${transactionId}`, published.pagedEnvelope(published.dispute));
  await read('GET', `/dispute/transaction/${transactionId}`, published.envelope(published.dispute.array()));
  await read('GET', '/dispute/export', published.envelope(published.exported));
  const evidence = { customer_email: 'a@x.ng', customer_name: 'Ada', customer_phone: '+234', service_details: 'Cups' };
  await read('POST', `/dispute/${id}/evidence`, published.envelope(published.evidence), evidence);
  const one = published.envelope(published.updatedDispute.array());
  await read('PUT', `/dispute/${id}`, one, { refund_amount: 1_002 });
  const upload = `/dispute/${id}/upload_url?upload_filename=receipt.pdf`;
  const { data } = await read('GET', upload, published.envelope(published.uploadUrl));
  await fetch(data.signedUrl, { method: 'PUT', body: 'x' });
  const answer = {
    resolution: 'merchant-accepted',
    message: 'Merchant accepted',
    uploaded_filename: data.fileName,
    refund_amount: 1_002,
  };
  await read('PUT', `/dispute/${id}/resolve`, published.envelope(published.resolvedDispute), answer);
  const ended = await read('GET', `/dispute/${id}`, published.envelope(published.dispute));
  expect(ended.data).toMatchObject({ status: 'resolved', refund_amount: 1_002, evidence });
});

test('the events of a dispute have their published members', async () => {
  const reference = await paid();
  const { id } = sandbox.openDispute(reference);
  sandbox.remindDispute(id);
  sandbox.resolveDispute(id, 'auto-accepted');
  const events = sandbox.webhooks({ reference }).filter(({ event }) => event.startsWith('charge.dispute'));
  const read = events.map(({ body }) => published.disputeEvent.safeParse(JSON.parse(body.toString())));
  expect(read.flatMap(({ error }) => error?.issues ?? [])).toEqual([]);
  expect(events).toHaveLength(3);
});

test('a settlement and its transactions have their published members', async () => {
  const reference = await paid();
  const [made] = sandbox.settle();
  const list = await read('GET', '/settlement?perPage=5', published.pagedEnvelope(published.settlement));
  expect(list.data[0]).toMatchObject({ id: made?.id });
  const path = `/settlement/${made?.id}/transactions`;
  const rows = await read('GET', path, published.pagedEnvelope(published.listed));
  expect(rows.data.map((row) => row.reference)).toContain(reference);
});
