import { expect, test } from '@jest/globals';
import { backOffMs, EMAIL_BACK_OFF, MAX_EMAIL_ATTEMPTS } from '../../models/backoff.ts';

test('the first wait is followed by longer ones, up to the longest', () => {
  const backOff = { firstMs: 100, factor: 3, longestMs: 2_000 };
  expect([0, 1, 2, 3, 4].map((failures) => backOffMs(backOff, failures))).toEqual([100, 300, 900, 2_000, 2_000]);
});

test('an email is tried for 23 hours before it is parked', () => {
  const waits = Array.from({ length: MAX_EMAIL_ATTEMPTS - 1 }, (_, failures) => backOffMs(EMAIL_BACK_OFF, failures));
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3600_000;
  expect(Math.floor(hours)).toBe(23);
});
