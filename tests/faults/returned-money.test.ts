import { test } from '@jest/globals';
import { playHistories } from '../support/returned-histories.ts';

const RUNS = 10_000;
const TIMEOUT_MS = 600_000;

test(
  'in 10,000 random histories what is told is what was returned, and the rest stays refundable',
  () => void playHistories({ numRuns: RUNS }),
  TIMEOUT_MS,
);
