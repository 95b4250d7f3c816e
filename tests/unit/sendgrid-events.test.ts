/** SendGrid's signed events: only its own key opens, over the bytes and the time, and no address is kept. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readDeliveryFailures } from '../../server/email/sendgrid/delivery-events.ts';
import {
  isSignedBySendGrid,
  readSignedHeaders,
  readVerificationKey,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from '../../server/email/sendgrid/event-signature.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const now = new Date('2026-03-01T10:00:00Z');
const SECONDS = now.getTime() / 1_000;
const BODY = Buffer.from('[{"event":"bounce" , "timestamp":1}]\r\n');

const signedAt = (timestamp: string, body = BODY, key = privateKey) => ({
  timestamp,
  signature: sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), key).toString('base64'),
});
const opens = (headers: { timestamp: string; signature: string }, body = BODY) =>
  isSignedBySendGrid(body, headers, { key: publicKey, now });

describe('the signature', () => {
  test('covers the timestamp and the bytes as they came, and is of our key', () => {
    const headers = signedAt(`${SECONDS}`);
    expect(opens(headers)).toBe(true);
    expect(opens(headers, Buffer.from(BODY.toString().trim()))).toBe(false);
    expect(opens({ ...headers, timestamp: `${SECONDS + 1}` })).toBe(false);
    expect(opens(signedAt(`${SECONDS}`, BODY, other.privateKey))).toBe(false);
    expect(opens({ ...headers, signature: 'A'.repeat(96) })).toBe(false);
    expect(opens({ ...headers, signature: '' })).toBe(false);
  });

  test.each([
    [0, true],
    [-600, true],
    [600, true],
    [601, false],
    [-86_400, true],
    [-90_000, true],
    [-90_001, false],
  ])('made %i s from now opens: %s', (offset, expected) => {
    expect(opens(signedAt(`${SECONDS + offset}`))).toBe(expected);
  });

  test('is read from one header of each name', () => {
    const { signature, timestamp } = signedAt(`${SECONDS}`);
    const headers = { [SIGNATURE_HEADER]: signature, [TIMESTAMP_HEADER]: timestamp };
    expect(readSignedHeaders(headers)).toEqual({ signature, timestamp });
    for (const bad of [undefined, '', [signature, signature], 'x'.repeat(5_000)])
      expect(readSignedHeaders({ ...headers, [SIGNATURE_HEADER]: bad })).toBeNull();
    for (const bad of [undefined, '1e9', '-1', ['1', '2']])
      expect(readSignedHeaders({ ...headers, [TIMESTAMP_HEADER]: bad })).toBeNull();
  });

  test('has a key of P-256 in base 64', () => {
    const inBase64 = (key: typeof publicKey) => key.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(readVerificationKey(inBase64(publicKey))).not.toBeNull();
    const curve384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    for (const text of ['', 'no key', inBase64(curve384), inBase64(publicKey).slice(8)])
      expect(readVerificationKey(text)).toBeNull();
  });
});

const EVENT = {
  email: 'ada@example.com',
  timestamp: SECONDS,
  'smtp-id': '<1@ismtpd>',
  sg_message_id: 'msg-1.filter0001.1.0',
  outboxKey: 'a'.repeat(24),
};
const read = (...events: unknown[]) => readDeliveryFailures(Buffer.from(JSON.stringify(events)));

describe('of the events', () => {
  test.each([
    [{ event: 'bounce', type: 'bounce' }, 'bounced'],
    [{ event: 'bounce' }, 'bounced'],
    [{ event: 'bounce', type: 'blocked' }, 'blocked'],
    [{ event: 'blocked' }, 'blocked'],
    [{ event: 'dropped' }, 'dropped'],
  ])('%j is one that did not arrive', (named, what) => {
    const failure = { what, at: now };
    expect(read({ ...EVENT, ...named })).toEqual([{ emailId: EVENT.outboxKey, copyId: EVENT.sg_message_id, failure }]);
  });

  test('those of arrival, of other programs and of another form are left out', () => {
    const others = ['processed', 'deferred', 'delivered', 'open', 'click', 'spamreport', 'unsubscribe', 'new_event'];
    expect(read(...others.map((event) => ({ ...EVENT, event })))).toEqual([]);
    const { outboxKey: _, ...foreign } = EVENT;
    expect(
      read({ ...foreign, event: 'bounce' }, null, 'text', {}, { ...EVENT, event: 'bounce', timestamp: 'x' }),
    ).toEqual([]);
    for (const body of ['', '{}', 'null', '[{"event":']) expect(readDeliveryFailures(Buffer.from(body))).toBeNull();
  });

  test.each([
    ['550 5.1.1 <ada@example.com> no such user', '550 5.1.1 the address no such user'],
    ['ada.obi+shop@mail.example.com: mailbox\r\nfull', 'the address: mailbox full'],
    ['smtp;552 "ada@example.com" quota', 'smtp;552 "the address" quota'],
  ])('the reason %j holds no address and one line', (reason, shown) => {
    const [report] = read({ ...EVENT, event: 'bounce', reason }) ?? [];
    expect(report?.failure.reason).toBe(shown);
  });

  test('the reason is bounded', () => {
    const [report] = read({ ...EVENT, event: 'dropped', reason: 'x'.repeat(100_000) }) ?? [];
    expect(report?.failure.reason).toHaveLength(300);
  });
});
