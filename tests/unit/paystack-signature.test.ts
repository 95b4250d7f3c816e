/** The webhook's signature is computed over the received bytes, and a wrong one never throws. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sign, verifySignature } from '../../server/paystack/signature.ts';

const SECRET = 'sk_test_signature';
const body = Buffer.from('{"event":"charge.success","data":{"amount":1000}}');

test('a signature is the lowercase hex HMAC-SHA512 of the bytes, as Paystack documents', () => {
  expect(sign(body, SECRET)).toBe(createHmac('sha512', SECRET).update(body).digest('hex'));
  expect(sign(body, SECRET)).toMatch(/^[0-9a-f]{128}$/);
});

test('the right signature of the same bytes is accepted', () => {
  expect(verifySignature(body, sign(body, SECRET), SECRET)).toBe(true);
});

test('bytes that are not UTF-8, and no bytes at all, are signed like any others', () => {
  for (const bytes of [Buffer.from([0xff, 0x00, 0xc3]), Buffer.alloc(0)]) {
    expect(verifySignature(bytes, sign(bytes, SECRET), SECRET)).toBe(true);
  }
});

test('the same JSON in another encoding has another signature', () => {
  const other = Buffer.from('{"event":"charge.success","data":{"amount":1000.0}}');
  expect(verifySignature(other, sign(body, SECRET), SECRET)).toBe(false);
});

test('one flipped bit in the body is noticed', () => {
  const flipped = Buffer.from(body);
  flipped[10] = (flipped[10] ?? 0) ^ 1;
  expect(verifySignature(flipped, sign(body, SECRET), SECRET)).toBe(false);
});

describe('anything but one string of 128 hex digits is refused without an exception', () => {
  const right = sign(body, SECRET);
  const headers: [string, unknown][] = [
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['one digit short', right.slice(1)],
    ['one digit long', `${right}0`],
    ['not hex', `z${right.slice(1)}`],
    ['128 characters of more bytes each', 'é'.repeat(128)],
    ['a line break at its end', `${right}\n`],
    ['repeated, as an array', [right]],
    ['repeated, joined', `${right}, ${right}`],
    ['a number', 42],
    ['of another key', sign(body, 'sk_test_other')],
    ['last digit changed', right.slice(0, -1) + (right.endsWith('0') ? '1' : '0')],
  ];
  test.each(headers)('%s', (_name, header) => {
    expect(verifySignature(body, header, SECRET)).toBe(false);
  });
});
