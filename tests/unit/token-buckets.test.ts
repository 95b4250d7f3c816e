import { expect, test } from '@jest/globals';
import { TokenBuckets } from '../../server/http/token-buckets.ts';

function buckets(perMinute: number) {
  let now = 1_000_000;
  const clock = { now: () => new Date(now) };
  return { buckets: new TokenBuckets(perMinute, clock), move: (ms: number) => (now += ms) };
}

test('a burst up to the limit passes, and the next call passes after exactly the returned wait', () => {
  const { buckets: limit, move } = buckets(60);
  for (let n = 0; n < 60; n += 1) expect(limit.take('a')).toBe(0);
  const waitMs = limit.take('a');
  expect(waitMs).toBe(1_000);
  move(waitMs - 1);
  expect(limit.take('a')).toBeGreaterThan(0);
  move(1);
  expect(limit.take('a')).toBe(0);
});

test('the calls of one key do not count against another', () => {
  const { buckets: limit } = buckets(1);
  expect(limit.take('a')).toBe(0);
  expect(limit.take('b')).toBe(0);
  expect(limit.take('a')).toBeGreaterThan(0);
});

test('after a long pause no more calls than the limit pass at once', () => {
  const { buckets: limit, move } = buckets(2);
  move(3_600_000);
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 0]);
  expect(limit.take('a')).toBeGreaterThan(0);
});

test('a clock that is set back an hour refuses no call', () => {
  const { buckets: limit, move } = buckets(60);
  expect(limit.take('a')).toBe(0);
  move(-3_600_000);
  expect(limit.take('a')).toBe(0);
});

test('a flood of keys drops the longest unused bucket, so the memory is bounded', () => {
  const { buckets: limit } = buckets(1);
  limit.take('first');
  for (let n = 0; n < 50_001; n += 1) limit.take(`flood-${n}`);
  expect(limit.take('first')).toBe(0);
});
