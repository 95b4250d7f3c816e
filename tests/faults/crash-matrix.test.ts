/**
 * The crash matrix: at each of the fifteen points between two atomic phases, a real process is killed, breaks, or is paused
 * past its lock, alone or with a rival alive. However it ends, the order is settled once, paid once, told once.
 */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { compileEntry } from '../support/compile-entry.ts';
import {
  COMPANIES,
  CRASH_CASES,
  CRASHES,
  type CrashCase,
  MORTAL_RIVAL_CASES,
  STORED_PAGE_CASES,
} from './crash/points.ts';
import { playCase } from './crash/story.ts';

const CASE_TIMEOUT_MS = 150_000;
/** Concurrent tests may begin before a beforeAll has ended, so whoever comes first compiles. */
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
  throw: 'broken',
  pause: 'paused past the lock',
  alone: 'alone',
  rival: 'beside a rival',
} as const;

const nameOf = ({ point, crash, company, rivalDies }: CrashCase) =>
  `${WORDS[crash]} at ${point.id} (${point.what}), ${WORDS[company]}${rivalDies ? ' that takes over and is killed' : ''}`;

describe('an order ends once and rightly when its process is', () => {
  test.concurrent.each(
    [...CRASH_CASES, ...MORTAL_RIVAL_CASES, ...STORED_PAGE_CASES].map((one) => [nameOf(one), one] as const),
  )('%s', async (_, one) => playCase(await compiledEntry(), one), CASE_TIMEOUT_MS);

  test('in all 90 cases', () => {
    expect(CRASH_CASES).toHaveLength(15 * CRASHES.length * COMPANIES.length);
  });
});
