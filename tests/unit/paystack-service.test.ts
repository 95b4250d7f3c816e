/** PaystackService against wrong responses: each failure has its kind and its deadline, and holds no secret. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PaystackPort } from '../../jobs/ports.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { createPaystackService, type ObservePaystack } from '../../server/paystack/service.ts';
import { allThatCanBeSeenOf, type CapturedLog, captureLog } from '../support/captured-log.ts';
import { PERIOD, paystackCalls } from '../support/paystack-calls.ts';
import { charge, EMAIL, KEY, ok, WRONG_ANSWERS } from '../support/paystack-wrong-answers.ts';
import { reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

let server: ScriptedServer;
let captured: CapturedLog;
let observed: Parameters<ObservePaystack>[0][];
beforeEach(async () => {
  server = await startScriptedServer(reply(200, ok(charge)));
  captured = captureLog();
  observed = [];
});
afterEach(() => server.close());

function serviceFor(options: { baseUrl?: string; secretKey?: string; deadlineMs?: number; attempts?: number } = {}) {
  const deadlineMs = options.deadlineMs ?? 5_000;
  return createPaystackService({
    secretKey: options.secretKey ?? KEY,
    baseUrl: options.baseUrl ?? server.url,
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    random: { jitter: () => 0 },
    log: captured.log,
    observe: (call) => observed.push(call),
    deadlinesMs: {
      initialize: deadlineMs,
      verify: deadlineMs,
      listCharges: deadlineMs,
      createRefund: deadlineMs,
      listRefunds: deadlineMs,
      getRefund: deadlineMs,
      sendRefundAccount: deadlineMs,
      listBanks: deadlineMs,
      listDisputes: deadlineMs,
      getDispute: deadlineMs,
      findReference: deadlineMs,
      listRefundsPage: deadlineMs,
      listDisputesPage: deadlineMs,
      listPayouts: deadlineMs,
      listPayoutCharges: deadlineMs,
      submitEvidence: deadlineMs,
      requestUpload: deadlineMs,
      uploadFile: deadlineMs,
      resolveDispute: deadlineMs,
    },
    retry: { attempts: options.attempts ?? 1, baseMs: 1, capMs: 1 },
  });
}

test('calls through the package keep their connection, and none is sent twice', async () => {
  const service = serviceFor();
  for (let call = 0; call < 3; call += 1) await service.verify('ord-B00000000001-1').catch(() => undefined);
  expect(server.requests).toHaveLength(3);
  expect(server.connections()).toBe(1);
});

const calls = paystackCalls(() => server.url);
/** A file goes to a store that has replies of its own. */
const operations = (Object.keys(calls) as (keyof PaystackPort)[]).filter((operation) => operation !== 'uploadFile');

async function failureOf(call: Promise<unknown>): Promise<GatewayError> {
  const thrown = await call.then(
    () => new Error('the call succeeded'),
    (error: unknown) => error,
  );
  if (thrown instanceof GatewayError) return thrown;
  throw thrown;
}

describe.each(WRONG_ANSWERS)('%s', (name, answer, kind) => {
  const isSlow = name === 'no answer' || name === 'an answer that drips';

  test.each(operations)(`is ${kind} in %s, in time, and shows neither key nor payer`, async (operation) => {
    server.answerWith(answer);
    const error = await failureOf(calls[operation](serviceFor({ deadlineMs: isSlow ? 150 : 5_000 })));
    expect(error.kind).toBe(kind);
    expect(observed).toEqual([{ operation, outcome: kind, durationMs: expect.any(Number), status: error.status }]);
    expect(observed[0]?.durationMs).toBeLessThan(4_000);
    // The observer writes the one log line of a call.
    expect(captured.lines).toEqual([]);
    const seen = allThatCanBeSeenOf(error);
    expect(seen).not.toContain(KEY);
    expect(seen).not.toContain(EMAIL);
  });
});

test('a server that is not there is unavailable, and the system’s word for it is kept', async () => {
  const gone = await startScriptedServer(() => {});
  await gone.close();
  const error = await failureOf(serviceFor({ baseUrl: gone.url }).verify('r-1'));
  expect(error).toMatchObject({ kind: 'unavailable', status: null });
  expect(error.message).toContain('ECONNREFUSED');
});

test('Retry-After is handed on, in milliseconds', async () => {
  server.answerWith(reply(429, {}, { 'retry-after': '60' }));
  expect(await failureOf(serviceFor().verify('r-1'))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
});

test('a redirect is not followed, and its target gets no request', async () => {
  const elsewhere = await startScriptedServer(reply(200, ok(charge)));
  server.answerWith(reply(302, '', { location: `${elsewhere.url}/steal` }));
  await failureOf(serviceFor({ attempts: 3 }).verify('r-1'));
  expect(elsewhere.requests).toEqual([]);
  expect(server.requests).toHaveLength(1);
  await elsewhere.close();
});

test('a redirect is not followed by fetch either, and its target gets no request', async () => {
  const elsewhere = await startScriptedServer(reply(200, ok([])));
  server.answerWith(reply(307, '', { location: `${elsewhere.url}/steal` }));
  expect(await failureOf(serviceFor().listRefunds({ gatewayId: '1' }))).toMatchObject({
    kind: 'malformed',
    status: 307,
  });
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.close();
});

test('at its deadline a call lets go of the connection', async () => {
  const closed = new Promise<void>((resolve) => {
    server.answerWith((res) => {
      once(res, 'close').then(() => resolve());
    });
  });
  await failureOf(
    serviceFor({ deadlineMs: 100 }).createRefund({
      reference: 'r-1',
      amount: { amount: 1, currency: 'NGN' },
      merchantNote: 'x',
      customerNote: 'x',
    }),
  );
  await closed;
});

test('at its deadline a call by fetch lets go as well', async () => {
  const closed = new Promise<void>((resolve) => {
    server.answerWith((res) => {
      once(res, 'close').then(() => resolve());
    });
  });
  const startedAt = performance.now();
  await failureOf(serviceFor({ deadlineMs: 100 }).listRefunds({ gatewayId: '1' }));
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test('retries and waits included, a call ends by its deadline', async () => {
  server.answerWith(() => {});
  const startedAt = performance.now();
  await failureOf(serviceFor({ deadlineMs: 200, attempts: 50 }).verify('r-1'));
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});

describe('repeating', () => {
  test.each(['verify', 'listCharges', 'listRefunds', 'getRefund'] as const)('%s is asked again', async (operation) => {
    server.answerWith(reply(503, ''));
    await failureOf(calls[operation](serviceFor({ attempts: 3 })));
    expect(server.requests).toHaveLength(3);
  });

  test.each(['initialize', 'createRefund'] as const)('%s is sent once, whatever happens', async (operation) => {
    for (const answer of [reply(503, ''), reply(429, '', { 'retry-after': '0' })]) {
      server.requests.length = 0;
      server.answerWith(answer);
      await failureOf(calls[operation](serviceFor({ attempts: 3 })));
      expect(server.requests).toHaveLength(1);
    }
  });
});

describe('what is sent', () => {
  test('two services in one process keep to their own key and address, whichever was made last', async () => {
    const other = await startScriptedServer(reply(200, ok({ ...charge, reference: 'r-second' })));
    server.answerWith(reply(200, ok({ ...charge, reference: 'r-first' })));
    const first = serviceFor();
    const second = serviceFor({ baseUrl: other.url, secretKey: 'sk_test_second' });
    await Promise.all([first.verify('r-first'), second.verify('r-second')]);
    await calls.listRefunds(first).catch(() => {});
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/transaction/verify/r-first',
      '/refund?transaction=1&perPage=100&page=1',
    ]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
    expect(other.requests.map(({ url }) => url)).toEqual(['/transaction/verify/r-second']);
    expect(other.requests[0]?.headers.authorization).toBe('Bearer sk_test_second');
    await other.close();
  });

  test.each([
    ['../refund'],
    ['a/b'],
    ['a?b=c'],
    ['a%2Fb'],
    ['.'],
    ['..'],
    [''],
    ['a'.repeat(101)],
    ['a_b'],
    ['a\r\nb'],
  ])('nothing for the reference %j', async (reference) => {
    const service = serviceFor();
    expect((await failureOf(service.verify(reference))).kind).toBe('unknown_reference');
    const amount = { amount: 1, currency: 'NGN' as const };
    const refund = service.createRefund({ reference, amount, merchantNote: '', customerNote: '' });
    expect((await failureOf(refund)).kind).toBe('unknown_reference');
    expect((await failureOf(service.getRefund(reference))).kind).toBe('unknown_reference');
    expect((await failureOf(service.listRefunds({ gatewayId: reference }))).kind).toBe('unknown_reference');
    expect(server.requests).toEqual([]);
  });

  test.each([[-1], [1.5], [2 ** 53], [Number.NaN]])('nothing for the amount %p', async (amount) => {
    const refund = serviceFor().createRefund({
      reference: 'r-1',
      amount: { amount, currency: 'NGN' },
      merchantNote: '',
      customerNote: '',
    });
    expect((await failureOf(refund)).kind).toBe('rejected');
    expect(server.requests).toEqual([]);
  });

  test.each(Object.entries(calls))(
    'no %s without a User-Agent, which has the version of the package',
    async (_, call) => {
      await call(serviceFor()).catch(() => undefined);
      const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
      const sent = server.requests.map(({ headers }) => headers['user-agent']);
      expect([...new Set(sent)]).toEqual([`orders-module/${version}`]);
    },
  );

  test('the list request has all parameters: status, both ends of the time, page', async () => {
    server.answerWith(reply(200, ok([], {})));
    await calls.listCharges(serviceFor());
    expect(server.requests[0]?.url).toBe(
      '/transaction?perPage=100&page=1&status=success&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A00.001Z',
    );
  });
});

describe('what comes back', () => {
  const refund = { id: 2, status: 'pending', amount: 1, currency: 'NGN', transaction: 1 };
  test('an id beyond 2^53 keeps every digit', async () => {
    server.answerWith(reply(200, JSON.stringify(ok(charge)).replace('"id":1', '"id":18446744073709551615')));
    expect((await serviceFor().verify('r-1')).gatewayId).toBe('18446744073709551615');
  });

  test('initialize is believed only for the reference that was sent, and for an address of the web', async () => {
    const data = { authorization_url: 'https://checkout.paystack.com/x', access_code: 'x', reference: 'r-1' };
    for (const wrong of [{ reference: 'r-2' }, { authorization_url: 'javascript:alert(1)' }, { access_code: '' }]) {
      server.answerWith(reply(200, ok({ ...data, ...wrong })));
      expect((await failureOf(calls.initialize(serviceFor()))).kind).toBe('malformed');
    }
  });

  test('a refund is accepted only with the requested id and the charge that it was made from', async () => {
    const refund = { id: 1, status: 'processed', amount: 5_000, currency: 'NGN', transaction: { reference: 'r-1' } };
    server.answerWith(reply(200, ok({ ...refund, id: 2 })));
    expect((await failureOf(calls.getRefund(serviceFor()))).kind).toBe('malformed');
    server.answerWith(reply(200, ok({ ...refund, transaction: { reference: 'r-2' } })));
    expect((await failureOf(calls.createRefund(serviceFor()))).kind).toBe('malformed');
    server.answerWith(reply(200, ok(refund)));
    expect(await calls.createRefund(serviceFor())).toEqual(await calls.getRefund(serviceFor()));
  });

  test('one unreadable charge in a list does not hide the others, and is reported', async () => {
    server.answerWith(reply(200, ok([charge, { ...charge, amount: '5' }, null], { pageCount: 1 })));
    const { charges, nextPage } = await serviceFor().listCharges({ ...PERIOD, status: 'success' });
    expect([charges.length, nextPage]).toEqual([1, null]);
    expect(captured.lines.join()).toContain('"unreadableCount":2');
  });

  test('one unreadable refund fails the list: overlooked, it would be made twice', async () => {
    server.answerWith(reply(200, ok([refund, { ...refund, amount: null }], { pageCount: 1 })));
    expect((await failureOf(calls.listRefunds(serviceFor()))).kind).toBe('malformed');
  });

  test('refunds of another charge are dropped where the filter was ignored', async () => {
    server.answerWith(reply(200, ok([refund, { ...refund, id: 3, transaction: { id: 9 } }], { pageCount: 1 })));
    expect(await serviceFor().listRefunds({ gatewayId: '1' })).toMatchObject([{ gatewayRefundId: '2' }]);
  });

  test('pages of refunds without end are not believed', async () => {
    server.answerWith(reply(200, ok([refund])));
    expect((await failureOf(calls.listRefunds(serviceFor()))).kind).toBe('malformed');
    expect(server.requests).toHaveLength(20);
  });

  test('a success is observed once, too', async () => {
    await serviceFor().verify('r-1');
    expect(observed).toEqual([{ operation: 'verify', outcome: 'ok', durationMs: expect.any(Number) }]);
    expect(captured.lines).toEqual([]);
  });
});
