/**
 * The contract of PaystackService, tested on the sandbox in every run, and on Paystack's test mode if
 * PAYSTACK_TEST_SECRET_KEY is set. The second part needs the sandbox: payments, refunds, and each behaviour that the
 * documentation leaves open.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultSwitches, type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import type { PaystackPort } from '../../jobs/ports.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { systemClock, systemRandom } from '../../server/context/system-ports.ts';
import { createPaystackService, PAYSTACK_API_URL } from '../../server/paystack/service.ts';
import { captureLog } from '../support/captured-log.ts';

const SANDBOX_KEY = 'sk_test_contract';
const realKey = process.env.PAYSTACK_TEST_SECRET_KEY;

let sandbox: PaystackSandbox;
beforeAll(async () => {
  sandbox = await startPaystackSandbox({ port: 0, secretKey: SANDBOX_KEY, webhookRetryScale: 0 });
});
afterAll(() => sandbox.close());

const { log } = captureLog();
const retry = { attempts: 3, baseMs: 1, capMs: 5 };
const serviceAt = (baseUrl: string, secretKey: string): PaystackPort =>
  createPaystackService({ secretKey, baseUrl, clock: systemClock, random: systemRandom, log, retry });

const newReference = () => `ord-${randomBytes(6).toString('hex')}-1`;

async function initialized(service: PaystackPort, amount = 150_000): Promise<string> {
  const reference = newReference();
  await service.initialize({
    reference,
    email: 'contract@example.com',
    total: { amount, currency: 'NGN' },
    callbackUrl: 'https://shop.example/orders/verify-payment',
    cancelUrl: 'https://shop.example/cart',
    metadata: { orderId: `order-${reference}`, code: 'ABC' },
  });
  return reference;
}

async function failureOf(call: Promise<unknown>): Promise<GatewayError> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof GatewayError) return thrown;
  throw new Error('expected a GatewayError');
}

const targets = [
  { name: 'the sandbox', url: () => sandbox.url, key: SANDBOX_KEY },
  ...(realKey === undefined ? [] : [{ name: 'Paystack test mode', url: () => PAYSTACK_API_URL, key: realKey }]),
];

describe.each(targets)('on $name', ({ url, key }) => {
  const service = () => serviceAt(url(), key);

  test('initialize gives an address to pay at', async () => {
    const { authorizationUrl, accessCode } = await service().initialize({
      reference: newReference(),
      email: 'contract@example.com',
      total: { amount: 150_000, currency: 'NGN' },
      callbackUrl: 'https://shop.example/orders/verify-payment',
      cancelUrl: 'https://shop.example/cart',
      metadata: { orderId: '1', code: 'ABC' },
    });
    expect(authorizationUrl).toMatch(/^https?:\/\//);
    expect(accessCode).not.toBe('');
  });

  test('a reference that was just initialized is verified as open, with the requested amount', async () => {
    const reference = await initialized(service());
    const report = await service().verify(reference);
    expect(report).toMatchObject({ reference, domain: 'test', amount: 150_000, currency: 'NGN', paidAt: null });
    expect(report.status).toBe('abandoned');
    expect(report.gatewayId).toMatch(/^\d+$/);
  });

  test('a reference is initialized once', async () => {
    const reference = await initialized(service());
    const again = service().initialize({
      reference,
      email: 'contract@example.com',
      total: { amount: 150_000, currency: 'NGN' },
      callbackUrl: 'https://shop.example/orders/verify-payment',
      cancelUrl: 'https://shop.example/cart',
      metadata: { orderId: '1', code: 'ABC' },
    });
    expect((await failureOf(again)).kind).toBe('duplicate_reference');
  });

  test('an amount below the minimum is a definite refusal', async () => {
    expect((await failureOf(initialized(service(), 1))).kind).toBe('rejected');
  });

  test('a reference that Paystack does not have is unknown', async () => {
    expect((await failureOf(service().verify(newReference()))).kind).toBe('unknown_reference');
  });

  test('a wrong key has an error of its own', async () => {
    const stranger = serviceAt(url(), 'sk_test_nobodys');
    expect((await failureOf(stranger.verify(newReference()))).kind).toBe('unauthorized');
  });

  test('what was never paid cannot be refunded, definitely', async () => {
    const reference = await initialized(service());
    const refund = {
      reference,
      amount: { amount: 100, currency: 'NGN' as const },
      merchantNote: 'x',
      customerNote: 'x',
    };
    expect((await failureOf(service().createRefund(refund))).outcomeUnknown).toBe(false);
  });

  test('a charge without refunds lists none', async () => {
    const { gatewayId } = await service().verify(await initialized(service()));
    expect(await service().listRefunds({ gatewayId })).toEqual([]);
  });

  test('successful charges are listed by page', async () => {
    const to = new Date();
    const { charges } = await service().listCharges({
      ...{ from: new Date(to.getTime() - 3600_000), to, page: 1 },
      status: 'success',
    });
    expect(charges.every((charge) => charge.status === 'success')).toBe(true);
  });
});

const service = () => serviceAt(sandbox.url, SANDBOX_KEY);

async function paid(amount = 150_000): Promise<string> {
  const reference = await initialized(service(), amount);
  sandbox.pay(reference);
  return reference;
}

const refundOf = (reference: string, amount: number, merchantNote = 'rf:1') => ({
  reference,
  amount: { amount, currency: 'NGN' as const },
  merchantNote,
  customerNote: 'Sorry',
});

describe('on the sandbox: charges', () => {
  test('what initialize sends is the amount in subunits, the currency, and where to come back to', async () => {
    const reference = await initialized(service());
    expect(sandbox.transaction(reference)).toMatchObject({
      currency: 'NGN',
      requestedAmount: 150_000,
      email: 'contract@example.com',
      callbackUrl: 'https://shop.example/orders/verify-payment',
      metadata: { orderId: `order-${reference}`, code: 'ABC', cancel_action: 'https://shop.example/cart' },
    });
  });

  test('a paid reference is verified as a success, with the time of payment', async () => {
    const report = await service().verify(await paid());
    expect(report).toMatchObject({ status: 'success', amount: 150_000, requestedAmount: 150_000, channel: 'card' });
    expect(report.paidAt).toBeInstanceOf(Date);
  });

  test('a declined card is verified as failed, and a later success as a success', async () => {
    const reference = await initialized(service());
    sandbox.pay(reference, { card: 'declined' });
    expect((await service().verify(reference)).status).toBe('failed');
    sandbox.pay(reference);
    expect((await service().verify(reference)).status).toBe('success');
  });
});

describe('on the sandbox: refunds and lists', () => {
  test('a refund is created, listed with its note, and read by its id', async () => {
    const reference = await paid();
    const created = await service().createRefund(refundOf(reference, 50_000, 'rf:abc'));
    expect(created).toMatchObject({ status: 'pending', amount: 50_000, currency: 'NGN', merchantNote: 'rf:abc' });
    const { gatewayId } = await service().verify(reference);
    expect(await service().listRefunds({ gatewayId })).toEqual([created]);
    sandbox.finishRefunds(reference);
    expect(await service().getRefund(created.gatewayRefundId)).toEqual({ ...created, status: 'processed' });
  });

  test('the refunds of other charges are not listed', async () => {
    const [mine, other] = [await paid(), await paid()];
    await service().createRefund(refundOf(other, 1_000));
    const { gatewayId } = await service().verify(mine);
    expect(await service().listRefunds({ gatewayId })).toEqual([]);
  });

  test('all pages of refunds are read', async () => {
    sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
    const reference = await paid(1_000_000);
    for (let made = 0; made < 101; made += 1) await service().createRefund(refundOf(reference, 100, `rf:${made}`));
    const { gatewayId } = await service().verify(reference);
    const notes = (await service().listRefunds({ gatewayId })).map((refund) => refund.merchantNote);
    expect(new Set(notes).size).toBe(101);
  });

  test('a second full refund is refused as already refunded', async () => {
    const reference = await paid();
    await service().createRefund(refundOf(reference, 150_000));
    expect((await failureOf(service().createRefund(refundOf(reference, 150_000)))).kind).toBe('already_refunded');
  });

  test('a refund of an unknown charge, or with an unknown id, is unknown', async () => {
    expect((await failureOf(service().createRefund(refundOf(newReference(), 100)))).kind).toBe('unknown_reference');
    expect((await failureOf(service().getRefund('999999999999'))).kind).toBe('unknown_reference');
  });

  test('every page of charges is reached by nextPage, each charge once', async () => {
    const from = new Date();
    const references = new Set<string>();
    for (let made = 0; made < 101; made += 1) references.add(await paid());
    const to = new Date();
    const listed: string[] = [];
    for (let page: number | null = 1; page !== null; ) {
      const result: Awaited<ReturnType<PaystackPort['listCharges']>> = await service().listCharges({
        ...{ from, to, page },
        status: 'success',
      });
      listed.push(...result.charges.map((charge) => charge.reference));
      page = result.nextPage;
    }
    expect(listed).toHaveLength(101);
    expect(new Set(listed)).toEqual(references);
  });
});

describe('on the sandbox: where the documentation disagrees with itself', () => {
  afterEach(() => {
    sandbox.setSwitches(defaultSwitches);
  });

  test.each([
    { unknownReferenceStatus: 404 as const },
    { unknownReferenceStatus: 400 as const },
    { errorStatus: 'string' as const, nextStepKey: 'next_step' as const },
  ])('an unknown reference is known as such under %j', async (switches) => {
    sandbox.setSwitches(switches);
    expect((await failureOf(service().verify(newReference()))).kind).toBe('unknown_reference');
  });

  test.each([
    { metadata: 'empty-string' as const },
    { metadata: 'null' as const },
    { metadata: 'zero' as const, log: 'null' as const, plan: 'object' as const },
    { ids: 'string' as const },
  ])('a charge reads the same under %j', async (switches) => {
    const reference = await paid();
    const plain = await service().verify(reference);
    sandbox.setSwitches(switches);
    expect(await service().verify(reference)).toEqual(plain);
  });

  test('fees borne by the customer show as an amount above the requested one; an absent one is null', async () => {
    sandbox.setSwitches({ feesBearer: 'customer' });
    const reference = await paid();
    const report = await service().verify(reference);
    expect(report.amount).toBeGreaterThan(150_000);
    expect(report.requestedAmount).toBe(150_000);
    sandbox.setSwitches({ requestedAmount: 'absent' });
    expect((await service().verify(reference)).requestedAmount).toBeNull();
  });
});

describe('on the sandbox: what goes wrong', () => {
  beforeEach(() => {
    sandbox.clearRequests();
  });
  afterEach(() => sandbox.clearScript());

  test.each([[{ amount: '1000' }], [{ amount: 1e21 }], [{ amount: 10.5 }], [{ amount: -1 }], [{ id: null }]])(
    'a charge with %j is malformed, never a success',
    async (data) => {
      const reference = await paid();
      sandbox.script({ route: 'verify', reference, fault: { kind: 'override', data } });
      expect((await failureOf(service().verify(reference))).kind).toBe('malformed');
    },
  );

  test('a passing failure of verify is ridden out, and nothing of it is seen', async () => {
    const reference = await paid();
    sandbox.script({ route: 'verify', reference, times: 1, fault: { kind: 'status', status: 503 } });
    sandbox.script({ route: 'verify', reference, times: 1, fault: { kind: 'drop' } });
    expect((await service().verify(reference)).status).toBe('success');
    expect(sandbox.requests({ route: 'verify', reference })).toHaveLength(3);
  });

  test.each([['drop' as const], ['html' as const], ['malformed' as const]])(
    'a refund whose answer is lost (%s) is never sent twice, and its outcome is unknown',
    async (kind) => {
      const reference = await paid();
      sandbox.script({ route: 'refund.create', reference, carriedOut: true, fault: { kind } });
      expect((await failureOf(service().createRefund(refundOf(reference, 1_000)))).outcomeUnknown).toBe(true);
      expect(sandbox.requests({ route: 'refund.create', reference })).toHaveLength(1);
      expect(sandbox.transaction(reference).refunds).toHaveLength(1);
    },
  );

  test('an initialize whose answer is lost is never sent twice', async () => {
    sandbox.script({ route: 'initialize', carriedOut: true, fault: { kind: 'drop' } });
    expect((await failureOf(initialized(service()))).outcomeUnknown).toBe(true);
    expect(sandbox.requests({ route: 'initialize' })).toHaveLength(1);
  });
});
