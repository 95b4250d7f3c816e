/** Sending a file to the object store behind Paystack: never with the key, and only to its own hosts. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PaystackPort } from '../../jobs/ports.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { uploadRule } from '../../server/paystack/calls/upload-file.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { allThatCanBeSeenOf, captureLog } from '../support/captured-log.ts';
import { KEY, ok } from '../support/paystack-wrong-answers.ts';
import { reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const FILE = { bytes: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' } as const;

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer(reply(200, ''));
});
afterEach(() => server.close());

function serviceFor(deadlineMs = 5_000): PaystackPort {
  return createPaystackService({
    secretKey: KEY,
    baseUrl: server.url,
    clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    random: { jitter: () => 0 },
    log: captureLog().log,
    deadlinesMs: { uploadFile: deadlineMs },
    retry: { attempts: 1, baseMs: 1, capMs: 1 },
  });
}

async function failureOf(call: Promise<unknown>): Promise<GatewayError> {
  const thrown = await call.then(
    () => new Error('the call succeeded'),
    (error: unknown) => error,
  );
  if (thrown instanceof GatewayError) return thrown;
  throw thrown;
}

describe('a file', () => {
  const upload = (url: string, deadlineMs = 5_000) => serviceFor(deadlineMs).uploadFile(url, FILE);

  test('goes to the store without the key, as it is', async () => {
    server.answerWith(reply(200, ''));
    await upload(`${server.url}/store?signature=1`);
    expect(server.requests).toMatchObject([{ method: 'PUT', url: '/store?signature=1', body: '%PDF-1.7' }]);
    const [{ headers } = { headers: {} }] = server.requests;
    expect(headers).toMatchObject({ 'content-type': 'application/pdf', 'content-length': '8' });
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(headers)).not.toContain(KEY);
  });

  test.each([
    [403, 'rejected'],
    [503, 'unavailable'],
    [302, 'malformed'],
  ] as const)('that the store answers with %i is %s, and its address stands in no error', async (status, kind) => {
    server.answerWith(reply(status, '', { location: 'https://elsewhere.example' }));
    const error = await failureOf(upload(`${server.url}/secret-address`));
    expect(error).toMatchObject({ kind, status });
    expect(allThatCanBeSeenOf(error)).not.toContain('secret-address');
  });

  test('that the store does not take in time is given up', async () => {
    server.answerWith(() => {});
    expect(await failureOf(upload(`${server.url}/secret-address`, 100))).toMatchObject({ kind: 'unavailable' });
  });

  test.each([
    'http://files.paystack.co/x',
    'https://paystack.co.example/x',
    'https://amazonaws.com/x',
    'https://user:secret@a.amazonaws.com/x',
    'https://a.amazonaws.com:8443/x',
    'file:///etc/passwd',
    'nonsense',
  ])('is not sent to %s', async (url) => {
    expect(await failureOf(upload(url))).toMatchObject({ kind: 'rejected', status: null });
    server.answerWith(reply(200, ok({ signedUrl: url, fileName: 'f' })));
    expect(await failureOf(serviceFor().requestUpload('1', 'receipt.pdf'))).toMatchObject({ kind: 'malformed' });
  });

  test('may go to the stores of Paystack’s documentation, and not to loopback in production', () => {
    const isAllowed = uploadRule(undefined);
    expect(isAllowed('https://s3.eu-west-1.amazonaws.com/files.paystack.co/x?signature=y')).toBe(true);
    expect(isAllowed('https://files.paystack.co/x')).toBe(true);
    expect(isAllowed('http://127.0.0.1:4001/x')).toBe(false);
  });
});
