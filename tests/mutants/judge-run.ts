/**
 * Decides whether a test run caught a mutant. Only a failed assertion counts, because tests also fail on a busy machine,
 * without a database or if the edited code does not compile.
 */
import type { Suite } from './mutant.ts';
import type { FailedTest, SuiteRun } from './run-suite.ts';

/** Messages of failed assertions. */
const ASSERTION_FAILED = [
  /^Error: expect\(/,
  /^Error: Property failed after/,
  /^Error: \d+ invariants do not hold/,
  /^Error: the call (?:succeeded|was expected to be refused and succeeded)/,
];
/** Messages that a busy machine may cause as well as a bug: a timeout, or an INTERNAL error. */
const MAYBE_BUSY = [/^Error: waited \d+ ms in vain for/, /^TRPCClientError: Something went wrong on our side/];

type Expected = Pick<Suite, 'witness'>;

function isWitness({ message }: FailedTest): boolean {
  return [...ASSERTION_FAILED, ...MAYBE_BUSY].some((pattern) => pattern.test(message));
}

/** True if every witness may be the effect of a busy machine, so that both runs must be repeated. */
export function isDoubtful({ failed }: SuiteRun): boolean {
  const witnesses = failed.filter(isWitness);
  return (
    witnesses.length > 0 && !witnesses.some(({ message }) => ASSERTION_FAILED.some((pattern) => pattern.test(message)))
  );
}

/** The test that caught the mutant: the expected witness, or any if none is named. null if there is none. */
export function findWitness({ failed }: SuiteRun, { witness = '' }: Expected = {}): FailedTest | null {
  return failed.find((test) => isWitness(test) && test.name.includes(witness)) ?? null;
}

/** True if tests failed and none by an assertion, so that the run should be repeated. */
export function isTrouble(run: SuiteRun): boolean {
  return run.failed.length > 0 && findWitness(run) === null;
}

/** A sentence for the report; null if the mutant was caught. */
export function whyNotCaught(run: SuiteRun, expected: Expected = {}): string | null {
  const { failed, passed, unrunnable } = run;
  if (unrunnable !== null) return `the suite cannot be run with the mutant: ${unrunnable}`;
  if (findWitness(run, expected) !== null) return null;
  const [first] = failed;
  if (first === undefined) return `not caught: ${passed.length} tests pass all the same`;
  const other = findWitness(run);
  if (other) return `"${other.name}" saw something, but not the test "${expected.witness}", which should`;
  return `"${first.name}" fails, but not by what it saw: ${first.message.slice(0, 1_000)}`;
}

/** A sentence on why the run without a mutant is no valid baseline; null if it is one. */
export function whyNoBaseline({ passed, failed, unrunnable }: SuiteRun, caughtBy: Suite): string | null {
  if (unrunnable !== null) return `without the mutant ${caughtBy.file} cannot be run: ${unrunnable}`;
  const named = failed.find(({ name }) => name.includes(caughtBy.testNamePattern));
  if (named) return `without the mutant "${named.name}" fails too: ${named.message.slice(0, 1_000)}`;
  const missing = [caughtBy.testNamePattern, caughtBy.witness ?? ''].find(
    (part) => !passed.some((name) => name.includes(part)),
  );
  return missing === undefined ? null : `no test of ${caughtBy.file} is named "${missing}"`;
}
