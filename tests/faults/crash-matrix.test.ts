/**
 * The crash matrix: fifteen crash points between two atomic phases, three kinds of crash, with and without a second process.
 * In each case one settlement, one payment and one email result.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { compileEntry } from '../support/compile-entry.ts';
import {
  ANSWER_CASES,
  COMPANIES,
  CRASH_CASES,
  CRASHES,
  type CrashCase,
  MORTAL_RIVAL_CASES,
  PAYOUT_CASES,
  STORED_PAGE_CASES,
} from './crash/points.ts';
import { runCase } from './crash/run-case.ts';

const CASE_TIMEOUT_MS = 150_000;
/** Concurrent tests may start before a beforeAll has ended, so the first test compiles. */
let compiling: Promise<string> | undefined;
const compiledEntry = () => {
  compiling ??= compileEntry('tests/faults/crash/shop-entry.ts');
  return compiling;
};

afterAll(async () => {
  await rm(dirname(await compiledEntry()), { recursive: true, force: true });
});

const WORDS = {
  kill: 'killed',
  throw: 'stopped by an exception',
  pause: 'paused past the lock',
  alone: 'alone',
  rival: 'beside a rival',
} as const;

const nameOf = ({ point, crash, company, rivalDies }: CrashCase) =>
  `${WORDS[crash]} at ${point.id} (${point.what}), ${WORDS[company]}${rivalDies ? ' that takes over and is killed' : ''}`;

describe('an order ends once and correctly when its process is', () => {
  test.concurrent.each(
    [...CRASH_CASES, ...MORTAL_RIVAL_CASES, ...STORED_PAGE_CASES, ...PAYOUT_CASES, ...ANSWER_CASES].map(
      (one) => [nameOf(one), one] as const,
    ),
  )('%s', async (_, one) => runCase(await compiledEntry(), one), CASE_TIMEOUT_MS);

  test('in all 90 cases', () => {
    expect(CRASH_CASES).toHaveLength(15 * CRASHES.length * COMPANIES.length);
  });
});
