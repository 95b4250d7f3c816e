/** Answers of Paystack's API, right and wrong, for tests of the service that reads them. */
import type { GatewayErrorKind } from '../../models/payment/gateway-reports.ts';
import { type Answer, reply } from './scripted-server.ts';

export const KEY = 'sk_test_canarykey0123456789';
export const EMAIL = 'canary.payer@example.com';

export const charge = { id: 1, domain: 'test', status: 'success', reference: 'r-1', amount: 5_000, currency: 'NGN' };
export const ok = (data: unknown, meta?: object) => ({ status: true, message: 'ok', data, ...(meta ? { meta } : {}) });
export const refusal = (code: string, message: string) => ({ status: false, message, type: 'validation_error', code });

const echo = `${KEY} ${EMAIL}`;
const drip: Answer = (res) => {
  res.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => res.write(' '), 10);
  res.on('close', () => clearInterval(timer));
};
const endless: Answer = (res) => {
  res.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(65_536, 0x20);
  const pump = () => {
    while (!res.destroyed && res.write(chunk));
    if (!res.destroyed) res.once('drain', pump);
  };
  pump();
};
const cutShort: Answer = (res) => {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  res.write('{"status":true,');
  setImmediate(() => res.destroy());
};

/** Each with the kind of error that it is. Those with text repeat the key and the payer's email, which no error may hold. */
export const WRONG_ANSWERS: readonly [name: string, answer: Answer, kind: GatewayErrorKind][] = [
  ['a reset connection', (res) => res.destroy(), 'unavailable'],
  ['a reply cut short', cutShort, 'unavailable'],
  ['no answer', () => {}, 'unavailable'],
  ['an answer that drips', drip, 'unavailable'],
  ['a body without end', endless, 'malformed'],
  ['500', reply(500, { status: false, message: echo }), 'unavailable'],
  ['503 in HTML', reply(503, `<html>${echo}</html>`), 'unavailable'],
  ['408', reply(408, ''), 'unavailable'],
  ['429', reply(429, { status: false, message: echo }, { 'retry-after': '60' }), 'rate_limited'],
  ['401', reply(401, { status: false, message: `Invalid key ${echo}` }), 'unauthorized'],
  ['200 in HTML', reply(200, `<html>${echo}</html>`), 'malformed'],
  ['200 with a JSON string', reply(200, JSON.stringify(echo)), 'malformed'],
  ['200 cut in the middle of its JSON', reply(200, `{"status":true,"message":"${echo}`), 'malformed'],
  ['200 with nothing', reply(200, ''), 'malformed'],
  ['200 with an empty object', reply(200, {}), 'malformed'],
  ['204', (res) => res.writeHead(204).end(), 'malformed'],
  ['200 with null data', reply(200, ok(null)), 'malformed'],
  ['200 with data that is text', reply(200, ok(echo)), 'malformed'],
  ['200 with a status that is neither', reply(200, { ...ok(charge), status: echo }), 'malformed'],
  ['status true with 400', reply(400, ok(charge)), 'malformed'],
  ['403 in HTML', reply(403, `<html>${echo}</html>`), 'blocked'],
  ['403 with nothing', reply(403, ''), 'blocked'],
  ['404 in HTML', reply(404, `<html>${echo}</html>`), 'malformed'],
  ['a redirect', reply(302, echo, { location: 'http://127.0.0.1:1/' }), 'malformed'],
  ['a redirect to nonsense', reply(302, echo, { location: 'http://[' }), 'malformed'],
  ['status false with 200', reply(200, refusal(KEY, echo)), 'rejected'],
  ['status "false" with 200', reply(200, { ...refusal('x', echo), status: 'false' }), 'rejected'],
  ['400', reply(400, refusal('invalid_email', `Invalid Email Address Passed: ${echo}`)), 'rejected'],
  ['403', reply(403, refusal('unsupported_currency', echo)), 'rejected'],
  ['a duplicate by code', reply(400, refusal('duplicate_reference', echo)), 'duplicate_reference'],
  [
    'a duplicate by words',
    reply(400, { status: false, message: 'Duplicate Transaction Reference' }),
    'duplicate_reference',
  ],
  ['not found by code', reply(404, refusal('transaction_not_found', echo)), 'unknown_reference'],
  [
    'not found by words',
    reply(400, { status: false, message: 'Transaction reference not found' }),
    'unknown_reference',
  ],
  ['reversed by code', reply(400, refusal('transaction_reversed', echo)), 'already_refunded'],
  [
    'reversed by words',
    reply(200, { status: false, message: 'Transaction has been fully reversed' }),
    'already_refunded',
  ],
];
