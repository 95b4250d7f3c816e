/**
 * A mutant is a known bug as edits of source text, with the tests that must fail because of it. Mutants are data, so that
 * tests/unit/mutants.test.ts can check each edit against the current code.
 */

/** `find` must occur exactly once in the file. */
export interface Edit {
  /** From the root of the tree, with slashes. */
  file: string;
  find: string;
  replace: string;
}

/** The tests of one file whose full name contains the pattern; at least one must fail. */
export interface Suite {
  /** Jest's project: the folder of tests/ that holds the file. */
  project: string;
  /** From the root of the tree, with slashes. */
  file: string;
  /** Literal text of the file, so that the unit test notices a renamed test. */
  testNamePattern: string;
  /**
   * Part of the full name of the test that must fail, where others may fail for side effects of the edit. Without it, any of
   * the tests counts.
   */
  witness?: string;
}

export interface Mutant {
  id: string;
  /** A description of the bug for the report, at most 72 characters. */
  what: string;
  edits: readonly Edit[];
  caughtBy: Suite;
}

/** The error message for an edit that does not apply to `text`; null if it applies. */
export function whyNotApplicable(mutantId: string, { file, find }: Edit, text: string): string | null {
  const occurrences = text.split(find).length - 1;
  if (occurrences === 1) return null;
  const times = occurrences === 0 ? 'no longer occurs' : `occurs ${occurrences} times`;
  return `Mutant ${mutantId} no longer applies: in ${file} its text ${times}; adapt it to the code as it is now:\n${find}`;
}

/** Replaces literally, without `$` patterns. Throws if the edit does not apply. */
export function applyEdit(mutantId: string, edit: Edit, text: string): string {
  const problem = whyNotApplicable(mutantId, edit, text);
  if (problem !== null) throw new Error(problem);
  return text.replace(edit.find, () => edit.replace);
}
