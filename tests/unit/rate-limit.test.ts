/** Token buckets: so many at once, then evenly; fair across keys; a clock set back takes nothing away. */
import { expect, test } from '@jest/globals';
import { TokenBuckets } from '../../server/http/rate-limit.ts';

function buckets(perMinute: number) {
  let now = 1_000_000;
  const clock = { now: () => new Date(now) };
  return { buckets: new TokenBuckets(perMinute, clock), move: (ms: number) => (now += ms) };
}

test('a burst up to the limit passes, the next waits exactly as long as it is told', () => {
  const { buckets: limit, move } = buckets(60);
  for (let n = 0; n < 60; n += 1) expect(limit.take('a')).toBe(0);
  const waitMs = limit.take('a');
  expect(waitMs).toBe(1_000);
  move(waitMs - 1);
  expect(limit.take('a')).toBeGreaterThan(0);
  move(1);
  expect(limit.take('a')).toBe(0);
});

test('one key never pays for another', () => {
  const { buckets: limit } = buckets(1);
  expect(limit.take('a')).toBe(0);
  expect(limit.take('b')).toBe(0);
  expect(limit.take('a')).toBeGreaterThan(0);
});

test('a long rest gives no more than the limit at once', () => {
  const { buckets: limit, move } = buckets(2);
  move(3_600_000);
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 0]);
  expect(limit.take('a')).toBeGreaterThan(0);
});

test('a clock set back an hour locks nobody out for it', () => {
  const { buckets: limit, move } = buckets(60);
  expect(limit.take('a')).toBe(0);
  move(-3_600_000);
  expect(limit.take('a')).toBe(0);
});

test('debt grows only so far, and is paid off with time', () => {
  const { buckets: limit, move } = buckets(4);
  for (let n = 0; n < 100; n += 1) limit.charge('a');
  expect(limit.debt('a')).toBe(4);
  move(60_000);
  expect(limit.debt('a')).toBe(0);
});

test('a flood of keys is bounded in memory: the longest unused are forgotten', () => {
  const { buckets: limit } = buckets(1);
  limit.take('first');
  for (let n = 0; n < 50_001; n += 1) limit.take(`flood-${n}`);
  expect(limit.take('first')).toBe(0);
});
