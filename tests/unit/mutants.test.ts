/** Each edit of tests/mutants applies to the present code, and the test that must fail exists. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';
import { isDoubtful, isTrouble, whyNoBaseline, whyNotCaught } from '../mutants/judge-run.ts';
import { applyEdit, whyNotApplicable } from '../mutants/mutant.ts';
import { MUTANTS } from '../mutants/mutants.ts';

test('the ids are unique, and each mutant has a short description', () => {
  expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
  expect(MUTANTS.filter(({ what }) => what.length > 72).map(({ id }) => id)).toEqual([]);
});

function assertParses(file: string, text: string): void {
  try {
    parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x') });
  } catch (error) {
    throw new Error(`${file} cannot be parsed with the edits`, { cause: error });
  }
}

describe.each(MUTANTS.map((mutant) => [mutant.id, mutant] as const))('mutant %s', (id, { edits, caughtBy }) => {
  test('applies to the code as it is, and leaves code', () => {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const text = texts.get(edit.file) ?? readFileSync(edit.file, 'utf8');
      const problem = whyNotApplicable(id, edit, text);
      if (problem !== null) throw new Error(problem);
      texts.set(edit.file, applyEdit(id, edit, text));
    }
    for (const [file, text] of texts) if (/\.tsx?$/.test(file)) assertParses(file, text);
  });

  test('names tests that exist', () => {
    const { project, file, testNamePattern } = caughtBy;
    expect(existsSync(file) ? null : file).toBeNull();
    expect(file.split('/')[1]).toBe(project);
    expect(readFileSync(file, 'utf8').includes(testNamePattern) ? null : testNamePattern).toBeNull();
  });
});

describe('an edit', () => {
  const edit = { file: 'a.ts', find: 'x < y', replace: '$& > $1' };

  test('replaces its one occurrence by its literal text', () =>
    expect(applyEdit('p', edit, 'if (x < y) z();')).toBe('if ($& > $1) z();'));

  test.each(['if (y > x) z();', 'x < y && x < y'])('does not apply to %j, and says so', (text) => {
    expect(() => applyEdit('p', edit, text)).toThrow('Mutant p no longer applies: in a.ts');
  });
});

describe('a run with a mutant in place', () => {
  const run = (...messages: string[]) => ({
    passed: ['another test'],
    failed: messages.map((message) => ({ name: 'the test', message })),
    unrunnable: null,
  });

  test.each([
    'Error: expect(received).toBe(expected) // Object.is equality',
    'Error: 2 invariants do not hold:',
    'Error: waited 8000 ms in vain for order 1 to be settled',
    'Error: the call succeeded',
  ])('shows that it was caught when a test fails with %j', (message) => expect(whyNotCaught(run(message))).toBeNull());

  test.each([
    'MongoServerError: Transaction with { txnNumber: 1 } has been aborted.',
    'TRPCClientError: The answer took too long; try again in a moment.',
    'ReferenceError: charge is not defined',
    'Error: Exceeded timeout of 30000 ms for a test.',
  ])('shows nothing when tests fail with %j alone', (message) => {
    expect(isTrouble(run(message))).toBe(true);
    expect(whyNotCaught(run(message))).toContain('not by what it saw');
  });

  test('shows that no test failed when all pass, or none ran', () => {
    expect(whyNotCaught(run())).toBe('not caught: 1 tests pass all the same');
    expect(whyNotCaught({ passed: [], failed: [], unrunnable: 'SyntaxError' })).toContain('cannot be run');
  });

  test('is doubtful when all that was seen may come of a busy machine', () => {
    const waited = 'Error: waited 8000 ms in vain for order 1 to be settled';
    const internal = 'TRPCClientError: Something went wrong on our side; tell us the id.';
    expect(isDoubtful(run(waited, internal))).toBe(true);
    expect(isDoubtful(run(waited, 'Error: expect(received).toBe(expected)'))).toBe(false);
    expect(isDoubtful(run('ReferenceError: charge is not defined'))).toBe(false);
    expect(isDoubtful(run())).toBe(false);
  });

  test('shows that it was caught only when the test that must see it did, where one is named', () => {
    const seen = run('Error: expect(received).toBe(expected)');
    expect(whyNotCaught(seen, { witness: 'the test' })).toBeNull();
    expect(whyNotCaught(seen, { witness: 'another test' })).toContain('not the test "another test", which should');
  });

  test('is compared with one without it, in which the named test passed', () => {
    const named = (testNamePattern: string) => ({ project: 'unit', file: 'a.test.ts', testNamePattern });
    expect(whyNoBaseline(run(), named('another'))).toBeNull();
    expect(whyNoBaseline(run(), named('a test that was renamed'))).toContain('no test of a.test.ts');
    expect(whyNoBaseline(run('Error: expect('), named('the test'))).toContain('fails too');
    expect(whyNoBaseline(run(), { ...named('another'), witness: 'a witness that was renamed' })).toContain('is named');
  });
});
