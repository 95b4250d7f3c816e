/**
 * The sandbox must behave like Paystack where the service wrapper depends on it. These tests use plain HTTP and no
 * database.
 */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const secretKey = 'sk_test_of_the_sandbox';
const envelope = z.object({
  status: z.union([z.boolean(), z.string()]),
  message: z.string(),
  code: z.string().optional(),
  type: z.string().optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
  data: z.unknown().optional(),
});
const opened = z.object({ authorization_url: z.url(), access_code: z.string(), reference: z.string() });
const verified = z.looseObject({
  id: z.number(),
  domain: z.string(),
  status: z.string(),
  reference: z.string(),
  amount: z.number(),
  requested_amount: z.number(),
  currency: z.string(),
  paid_at: z.string().nullable(),
  paidAt: z.string().nullable(),
  metadata: z.unknown().optional(),
});
const refund = z.looseObject({ id: z.number(), status: z.string(), amount: z.number(), transaction: z.unknown() });

let sandbox: PaystackSandbox;
let shop: WebhookReceiver;
let count = 0;

const newReference = (): string => {
  count += 1;
  return `ord-TEST-${count}`;
};

async function call(method: 'GET' | 'POST', path: string, body?: object, key = secretKey) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(
    sandbox.url + path,
    body ? { method, headers, body: JSON.stringify(body) } : { method, headers },
  );
  return { httpStatus: answer.status, headers: answer.headers, ...envelope.parse(await answer.json()) };
}

const initialize = async (overrides: object = {}) => {
  const reference = newReference();
  const body = { email: 'ada@example.com', amount: 150_000, currency: 'NGN', reference, ...overrides };
  return { reference, answer: await call('POST', '/transaction/initialize', body) };
};

const verify = async (reference: string) =>
  verified.parse((await call('GET', `/transaction/verify/${reference}`)).data);

const paid = async (card: 'success' | 'refund-failed' | 'refund-needs-attention' = 'success') => {
  const { reference } = await initialize();
  sandbox.pay(reference, { card });
  return reference;
};

beforeEach(async () => {
  shop = await startWebhookReceiver();
  sandbox = await startPaystackSandbox({ secretKey, webhookUrl: shop.url, webhookRetryScale: 0.000_001 });
});

afterEach(async () => {
  await sandbox.close();
  await shop.close();
});

describe('transactions', () => {
  test('an initialized reference gives a checkout address and verifies as abandoned', async () => {
    const { reference, answer } = await initialize({ metadata: { orderId: 'o-1' } });
    const page = opened.parse(answer.data);
    expect(answer).toMatchObject({ httpStatus: 200, status: true });
    expect(page.reference).toBe(reference);
    expect(page.authorization_url.startsWith(`${sandbox.url}/checkout/`)).toBe(true);
    expect(await verify(reference)).toMatchObject({
      status: 'abandoned',
      domain: 'test',
      amount: 150_000,
      requested_amount: 150_000,
      paid_at: null,
      metadata: { orderId: 'o-1' },
    });
  });

  test('a paid reference verifies as success, and its event is signed over the very bytes', async () => {
    const { reference } = await initialize();
    expect(sandbox.pay(reference)).toMatchObject({ charged: true, status: 'success' });
    const view = await verify(reference);
    expect(view).toMatchObject({ status: 'success', amount: 150_000, currency: 'NGN' });
    expect(view.paidAt).toBe(view.paid_at);
    const [event] = await shop.received(1);
    expect(event?.signature).toBe(
      createHmac('sha512', secretKey)
        .update(event?.body ?? '')
        .digest('hex'),
    );
    const sent = z.object({ event: z.string(), data: verified }).parse(JSON.parse(String(event?.body)));
    expect(sent).toEqual({ event: 'charge.success', data: view });
  });

  test('a reference is taken once: a second initialize is refused and changes nothing', async () => {
    const { reference } = await initialize();
    expect((await initialize({ reference, amount: 99_999 })).answer).toMatchObject({
      httpStatus: 400,
      status: false,
      code: 'duplicate_reference',
      message: 'Duplicate Transaction Reference',
      type: 'validation_error',
      meta: { nextStep: expect.any(String) },
    });
    expect((await verify(reference)).amount).toBe(150_000);
  });

  test.each([
    ['missing_params', { email: undefined }],
    ['missing_params', { amount: undefined }],
    ['invalid_amount', { amount: 15.5 }],
    ['invalid_amount', { amount: '15.5' }],
    ['invalid_amount', { amount: -5_000 }],
    ['invalid_amount', { amount: 4_999 }],
    ['unsupported_currency', { currency: 'GBP' }],
    ['invalid_reference', { reference: 'with_underscore' }],
  ])('initialize refuses with %s: %j', async (code, overrides) => {
    expect((await initialize(overrides)).answer).toMatchObject({ httpStatus: 400, status: false, code });
  });

  test('any key but the configured one is answered 401 and carries nothing out', async () => {
    const { reference } = await initialize();
    const answer = await call('POST', '/refund', { transaction: reference }, 'sk_test_of_somebody_else');
    expect(answer).toMatchObject({ httpStatus: 401, status: false, message: 'Invalid key' });
    expect(sandbox.requests({ route: 'refund.create' })).toMatchObject([{ authorized: false, carriedOut: false }]);
  });

  test.each([400, 404] as const)(
    'an unknown reference verifies as HTTP %i, by switch',
    async (unknownReferenceStatus) => {
      sandbox.setSwitches({ unknownReferenceStatus, errorStatus: 'string' });
      expect(await call('GET', '/transaction/verify/ord-NONE-1')).toMatchObject({
        httpStatus: unknownReferenceStatus,
        status: 'false',
        message: 'Transaction reference not found',
      });
    },
  );
});

describe('attempts and lists', () => {
  test('a declined card leaves the reference failed and unannounced, and a later card still succeeds on it', async () => {
    const { reference } = await initialize();
    expect(sandbox.pay(reference, { card: 'declined' })).toMatchObject({ charged: false, deliveries: [] });
    expect(await verify(reference)).toMatchObject({ status: 'failed', gateway_response: 'Declined', paid_at: null });
    expect(sandbox.pay(reference).charged).toBe(true);
    expect((await verify(reference)).status).toBe('success');
    expect(sandbox.transaction(reference).attempts.map((attempt) => attempt.succeeded)).toEqual([false, true]);
  });

  test('a reference is never captured twice, but two references of one order can be', async () => {
    const metadata = { orderId: 'order-paid-twice' };
    const [first, second] = [await initialize({ metadata }), await initialize({ metadata })];
    expect(sandbox.payTwice(second.reference).map((result) => result.charged)).toEqual([true, true]);
    expect(sandbox.pay(first.reference).charged).toBe(false);
    const ours = [first.reference, second.reference];
    expect(sandbox.ledger().charges.filter((charge) => ours.includes(charge.reference))).toHaveLength(2);
  });

  test('lists by status, newest first, without gaps or repeats by page and by cursor', async () => {
    const references = [await paid(), await paid(), await paid()].reverse();
    await initialize();
    const entries = z.array(verified);
    const seen: string[] = [];
    for (const page of [1, 2]) {
      const answer = await call('GET', `/transaction?status=success&perPage=2&page=${page}`);
      expect(answer.meta).toMatchObject({ perPage: 2, page, total: sandbox.ledger().charges.length });
      seen.push(...entries.parse(answer.data).map((entry) => entry.reference));
    }
    expect(seen.slice(0, 3)).toEqual(references);
    const first = await call('GET', '/transaction?status=success&perPage=2&use_cursor=true');
    await paid();
    const rest = await call('GET', `/transaction?status=success&perPage=2&use_cursor=true&next=${first.meta?.next}`);
    const byCursor = [...entries.parse(first.data), ...entries.parse(rest.data)].map((entry) => entry.reference);
    expect(byCursor).toEqual(seen);
    const future = await call('GET', '/transaction?from=2100-01-01T00:00:00.000Z');
    expect(future.data).toEqual([]);
  });
});

describe('webhooks', () => {
  test('an answer other than 200 is tried again with the same bytes until it is 200', async () => {
    shop.answerWith(503, 302);
    await paid();
    const events = await shop.received(3);
    expect(new Set(events.map((event) => event.body.toString('hex'))).size).toBe(1);
  });

  test('can be lost, repeated, and held back to be released in another order', async () => {
    const lost = (await initialize()).reference;
    sandbox.pay(lost, { webhook: 'lose' });
    sandbox.scriptWebhooks({ event: 'charge.*', mode: 'hold', times: 2 });
    const held = [await paid(), await paid()];
    const repeated = (await initialize()).reference;
    sandbox.pay(repeated, { webhook: 'duplicate' });
    await shop.received(2);
    await sandbox.releaseWebhooks({ order: 'reversed' });
    const bodies = (await shop.received(4)).map((event) => String(event.body));
    const order = bodies.map((body) => [repeated, ...held].find((reference) => body.includes(`"${reference}"`)));
    expect(order).toEqual([repeated, repeated, held[1], held[0]]);
    expect(sandbox.webhooks({ reference: lost })).toMatchObject([{ state: 'lost', attempts: [] }]);
  });

  test.each(['plain', 'spaced', 'escaped', 'float'] as const)(
    'written as %s, an event is the same JSON and rightly signed',
    async (webhookEncoding) => {
      const { reference } = await initialize({ metadata: { note: 'café / 1' } });
      sandbox.setSwitches({ webhookEncoding });
      sandbox.pay(reference);
      const [event] = await shop.received(1);
      expect(JSON.parse(String(event?.body))).toEqual({ event: 'charge.success', data: await verify(reference) });
      expect(event?.signature).toBe(
        createHmac('sha512', secretKey)
          .update(event?.body ?? '')
          .digest('hex'),
      );
    },
  );

  test('forged and broken events can be sent, and say how they were answered', async () => {
    const reference = (await initialize()).reference;
    shop.answerWith(401, 400);
    const forged = await sandbox.sendWebhook({ event: 'charge.success', reference, key: 'sk_test_forged' });
    const broken = await sandbox.sendWebhook({ event: 'charge.success', rawBody: Buffer.from('{'), signature: null });
    expect([forged, broken].map((delivery) => delivery.attempts[0]?.status)).toEqual([401, 400]);
    const [first, second] = await shop.received(2);
    expect(first?.signature).toBe(
      createHmac('sha512', 'sk_test_forged')
        .update(first?.body ?? '')
        .digest('hex'),
    );
    expect(second).toEqual({ body: Buffer.from('{'), signature: undefined });
  });

  test('disputes carry their reference at data.transaction.reference, and a lost one reverses the charge', async () => {
    const reference = await paid();
    const { id } = sandbox.openDispute(reference);
    sandbox.remindDispute(id);
    sandbox.resolveDispute(id, 'merchant-accepted');
    // A refund of the lost money is announced too, and names its dispute.
    await sandbox.webhooksIdle();
    const received = await shop.received(sandbox.webhooks({ reference }).length);
    const events = z
      .array(z.looseObject({ event: z.string() }))
      .parse(received.map((event) => JSON.parse(String(event.body))));
    const disputes = z
      .array(z.object({ event: z.string(), data: z.object({ transaction: z.object({ reference: z.string() }) }) }))
      .parse(events.filter(({ event }) => event.startsWith('charge.dispute')));
    expect(new Set(disputes.map(({ event }) => event))).toEqual(
      new Set(['charge.dispute.create', 'charge.dispute.remind', 'charge.dispute.resolve']),
    );
    expect(disputes.every(({ data }) => data.transaction.reference === reference)).toBe(true);
    expect((await verify(reference)).status).toBe('reversed');
    expect((await call('POST', '/refund', { transaction: reference })).code).toBe('transaction_reversed');
  });
});

describe('refunds', () => {
  const create = async (body: object) => {
    const answer = await call('POST', '/refund', body);
    return { answer, id: refund.parse(answer.data).id };
  };
  const state = async (id: number) => refund.parse((await call('GET', `/refund/${id}`)).data).status;

  test('a full refund moves to processed, announces each step, and shows the charge as reversed', async () => {
    const reference = await paid();
    const { answer, id } = await create({ transaction: reference, amount: 150_000, merchant_note: 'rf:1' });
    expect(answer).toMatchObject({
      message: 'Refund has been queued for processing',
      data: { status: 'pending', merchant_note: 'rf:1', transaction: { reference } },
    });
    expect((await verify(reference)).status).toBe('reversal-pending');
    expect([sandbox.advanceRefund(id), sandbox.advanceRefund(id), sandbox.advanceRefund(id)]).toEqual([
      'processing',
      'processed',
      'processed',
    ]);
    expect(await state(id)).toBe('processed');
    expect((await verify(reference)).status).toBe('reversed');
    expect(sandbox.webhooks({ reference }).map((delivery) => delivery.event)).toEqual([
      'charge.success',
      'refund.pending',
      'refund.processing',
      'refund.processed',
    ]);
    expect(await call('POST', '/refund', { transaction: reference })).toMatchObject({
      httpStatus: 400,
      code: 'transaction_reversed',
    });
  });

  test('partial refunds never exceed what was captured, and lists name the transaction by number', async () => {
    sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
    const reference = await paid();
    await create({ transaction: reference, amount: 100_000 });
    const gatewayId = (await verify(reference)).id;
    expect(await call('POST', '/refund', { transaction: gatewayId, amount: 50_001 })).toMatchObject({
      httpStatus: 400,
      code: 'invalid_amount',
    });
    await create({ transaction: gatewayId, amount: 50_000 });
    const listed = z.array(refund).parse((await call('GET', `/refund?transaction=${gatewayId}`)).data);
    expect(listed.map((entry) => [entry.transaction, entry.amount])).toEqual([
      [gatewayId, 50_000],
      [gatewayId, 100_000],
    ]);
  });

  test('a failed refund leaves the money with the merchant, so that it can be tried again', async () => {
    const reference = await paid('refund-failed');
    const { id } = await create({ transaction: reference });
    expect(sandbox.finishRefunds(reference)).toBe(1);
    expect(await state(id)).toBe('failed');
    expect((await verify(reference)).status).toBe('success');
    expect((await create({ transaction: reference })).answer.httpStatus).toBe(200);
  });

  test('a refund that needs attention goes on once the customer details are given', async () => {
    const reference = await paid('refund-needs-attention');
    const { id } = await create({ transaction: reference });
    sandbox.finishRefunds(reference);
    expect(await state(id)).toBe('needs-attention');
    const path = `/refund/retry_with_customer_details/${id}`;
    expect((await call('POST', path, {})).code).toBe('missing_params');
    const account = { currency: 'NGN', account_number: '0000000000', bank_id: '9' };
    expect((await call('POST', path, { refund_account_details: account })).httpStatus).toBe(200);
    expect(sandbox.advanceRefund(id)).toBe('processed');
  });
});
