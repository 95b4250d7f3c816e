/**
 * What a suite's run with a plant in place shows: caught, not caught, or nothing at all. A test that fails because the
 * machine was busy, the database away or the code no code any more has not seen the plant. Pure. Called by run-plant.ts.
 */
import type { Suite } from './mutant.ts';
import type { FailedTest, SuiteRun } from './run-suite.ts';

/** The words of a test that saw something else than it should: its own. */
const SAW = [
  /^Error: expect\(/,
  /^Error: Property failed after/,
  /^Error: \d+ invariants do not hold/,
  /^Error: the call (?:succeeded|was expected to be refused and succeeded)/,
];
/** Words that a busy machine may bring about as well as a bug: it waited in vain, or a call failed for a bug of ours (INTERNAL). */
const MAY_HAVE_SEEN = [/^Error: waited \d+ ms in vain for/, /^TRPCClientError: Something went wrong on our side/];

/** Which test must have seen it. */
type Expected = Pick<Suite, 'witness'>;

function sawIt({ message }: FailedTest): boolean {
  return [...SAW, ...MAY_HAVE_SEEN].some((words) => words.test(message));
}

/** True when all that saw the plant may have seen a busy machine: running with and without it once more tells. */
export function isDoubtful({ failed }: SuiteRun): boolean {
  const witnesses = failed.filter(sawIt);
  return witnesses.length > 0 && !witnesses.some(({ message }) => SAW.some((words) => words.test(message)));
}

/** The test that saw the plant, the expected one where one is; null when none did. */
export function findWitness({ failed }: SuiteRun, { witness = '' }: Expected = {}): FailedTest | null {
  return failed.find((test) => sawIt(test) && test.name.includes(witness)) ?? null;
}

/** True when tests failed, and none of them by what it saw: running them again may tell more. */
export function isTrouble(run: SuiteRun): boolean {
  return run.failed.length > 0 && findWitness(run) === null;
}

/** In a sentence; null when it was caught. */
export function whyNotCaught(run: SuiteRun, expected: Expected = {}): string | null {
  const { failed, passed, unrunnable } = run;
  if (unrunnable !== null) return `the suite cannot be run with the plant in place: ${unrunnable}`;
  if (findWitness(run, expected) !== null) return null;
  const [first] = failed;
  if (first === undefined) return `not caught: ${passed.length} tests pass all the same`;
  const other = findWitness(run);
  if (other) return `"${other.name}" saw something, but not the test "${expected.witness}", which should`;
  return `"${first.name}" fails, but not by what it saw: ${first.message.slice(0, 1_000)}`;
}

/** Why the run without a plant is none to compare with, in a sentence; null when it is one. */
export function whyNoBaseline({ passed, failed, unrunnable }: SuiteRun, caughtBy: Suite): string | null {
  if (unrunnable !== null) return `without the plant ${caughtBy.file} cannot be run: ${unrunnable}`;
  const named = failed.find(({ name }) => name.includes(caughtBy.testNamePattern));
  if (named) return `without the plant "${named.name}" fails too: ${named.message.slice(0, 1_000)}`;
  const missing = [caughtBy.testNamePattern, caughtBy.witness ?? ''].find(
    (part) => !passed.some((name) => name.includes(part)),
  );
  return missing === undefined ? null : `no test of ${caughtBy.file} is named "${missing}"`;
}
