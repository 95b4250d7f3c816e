import { expect, test } from '@jest/globals';
import { delayMsAfter } from '../../server/auth/sign-in-limits.ts';

test.each([
  [0, 0],
  [4, 0],
  [5, 250],
  [6, 500],
  [14, 2_500],
  [1_000, 2_500],
])('at a limit of four, %i earlier attempts delay the next one by %i ms', (counted, delayMs) => {
  expect(delayMsAfter(counted, 4)).toBe(delayMs);
});
