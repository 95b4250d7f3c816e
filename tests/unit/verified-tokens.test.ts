import { expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { VerifiedTokens } from '../../server/auth/verified-tokens.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const identity = {
  userId: new Types.ObjectId(),
  id: 'session',
  startedAt: at(1),
  issuedAt: at(5),
  expiresAt: at(20),
};
const verified = { identity, verifiedAt: at(10) };

test.each([
  ['when it was verified', 10, identity],
  ['just before it expires', 19, identity],
  ['when it expires', 20, null],
  ['before it was verified, by a clock that was set back', 9, null],
])('a token is looked up %s', (_when, second, found) => {
  const tokens = new VerifiedTokens();
  tokens.keep('a', verified);
  expect(tokens.find('a', at(second))).toBe(found);
  expect(tokens.find('b', at(second))).toBeNull();
});

test('the longest unused of too many is dropped', () => {
  const tokens = new VerifiedTokens(2);
  for (const token of ['a', 'b', 'c']) tokens.keep(token, verified);
  expect(['a', 'b', 'c'].map((token) => tokens.find(token, at(15)))).toEqual([null, identity, identity]);
});
