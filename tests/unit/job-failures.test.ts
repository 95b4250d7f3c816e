/** withFailure keeps failures in a list whose length an outage cannot increase without bound. */
import { expect, test } from '@jest/globals';
import { type JobFailure, KEPT_FAILURES, withFailure } from '../../models/job-failures.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const failure = (error: string) => ({ job: 'processRefunds', error }) as const;

test('the same failure again is counted, and dated by the last time', () => {
  const once = withFailure(undefined, failure('down'), at(0));
  expect(once).toEqual([{ ...failure('down'), at: at(0), times: 1 }]);
  expect(withFailure(once, failure('down'), at(1))).toEqual([{ ...failure('down'), at: at(1), times: 2 }]);
  expect(once[0]?.times).toBe(1);
});

test('another failure, or the same of another job, is listed after it', () => {
  const first = withFailure([], failure('down'), at(0));
  const second = withFailure(first, { job: 'sendEmails', error: 'down' }, at(1));
  expect(withFailure(second, failure('down'), at(2)).map(({ job, times }) => [job, times])).toEqual([
    ['processRefunds', 1],
    ['sendEmails', 1],
    ['processRefunds', 1],
  ]);
});

test('only the last ones are kept', () => {
  let list: JobFailure[] = [];
  for (let n = 0; n < KEPT_FAILURES + 5; n += 1) list = withFailure(list, failure(`error ${n}`), at(n));
  expect(list).toHaveLength(KEPT_FAILURES);
  expect(list.at(-1)?.error).toBe(`error ${KEPT_FAILURES + 4}`);
});
