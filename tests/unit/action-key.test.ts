/** Idempotency keys of actions: equal input has one digest, other input another, and a reused key is refused. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { type ActionKey, findRepeat, toActionKey } from '../../models/action-key.ts';
import { canonicalJson } from '../../models/canonical-json.ts';
import { actionKey } from '../../models/contract/fields.ts';
import { isAppError } from '../../models/errors.ts';

const digest = (input: unknown) => toActionKey('key', input).input.toString('hex');
const json = fc.jsonValue();

/** The same data with the keys of every object in reverse order, and an undefined field beside them. */
function rearranged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rearranged);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, part]) => [key, rearranged(part)] as const);
  const reversed: Record<string, unknown> = Object.fromEntries([
    ['absent in the other', undefined],
    ...entries.reverse(),
  ]);
  return reversed;
}

test('the digest has 16 bytes and depends neither on the order of keys nor on undefined fields', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(digest(rearranged(value))).toBe(digest(value));
      expect(digest(value)).toMatch(/^[0-9a-f]{32}$/);
    }),
  );
});

test('different data have different canonical forms and different digests', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      // JSON knows one zero.
      const same = JSON.stringify(JSON.parse(canonicalJson(a))) === JSON.stringify(JSON.parse(canonicalJson(b)));
      expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
      expect(digest(a) === digest(b)).toBe(same);
    }),
  );
  expect(digest({ a: undefined })).toBe(digest({}));
  expect(digest({ a: null })).not.toBe(digest({}));
  expect(digest([1, 2])).not.toBe(digest([2, 1]));
  expect(digest({ amount: 1 })).not.toBe(digest({ amount: '1' }));
  expect(digest(undefined)).toBe(digest(null));
});

test('dates and ids are written as they are sent', () => {
  const id = new Types.ObjectId();
  const at = new Date('2026-03-01T10:00:00Z');
  expect(canonicalJson({ id, at })).toBe(`{"at":"2026-03-01T10:00:00.000Z","id":"${id}"}`);
});

test('a number that JSON cannot hold is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => canonicalJson({ value })).toThrow(TypeError);
});

test('a repeat finds its record, another key none, and a reused key is refused', () => {
  const records: { key?: ActionKey; n: number }[] = [
    { n: 0 },
    { n: 1, key: toActionKey('first', { amount: 5 }) },
    { n: 2, key: toActionKey('second', { amount: 5 }) },
  ];
  expect(findRepeat(records, toActionKey('second', { amount: 5 }))).toBe(records[2]);
  expect(findRepeat(records, toActionKey('third', { amount: 5 }))).toBeNull();
  let refusal: unknown;
  try {
    findRepeat(records, toActionKey('second', { amount: 6 }));
  } catch (error) {
    refusal = error;
  }
  expect(isAppError(refusal, 'ACTION_KEY_REUSED')).toBe(true);
});

test('a key holds the hash of a file and a row, and no text that could forge a query', () => {
  expect(actionKey.safeParse(`${'a'.repeat(64)}.1000`).success).toBe(true);
  for (const text of ['', 'short', '.hidden-key', 'key with blanks', `$${'a'.repeat(20)}`, 'a'.repeat(81)])
    expect(actionKey.safeParse(text).success).toBe(false);
});
