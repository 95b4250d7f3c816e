/**
 * What a plant is: a bug, as edits of the tree's text, and the tests that must notice it. Plants are data, so that the
 * unit test can hold each of them against the tree as it is now; plants/ lists them, run-plant.ts tries them.
 */

/** `find` occurs exactly once in the file; `replace` stands in its place while the plant does. */
export interface Edit {
  /** From the root of the tree, with slashes. */
  file: string;
  find: string;
  replace: string;
}

/** The tests that must fail: those of one file whose full name holds the pattern. */
export interface Suite {
  /** Jest's project: the folder of tests/ that holds the file. */
  project: string;
  /** From the root of the tree, with slashes. */
  file: string;
  /** Literal text, as it is written in the file: it is searched there too, so that a renamed test is missed at once. */
  testNamePattern: string;
  /**
   * Part of the full name of the one among them that must see it, where another might fail for what only surrounds the
   * bug. Missing: any of them.
   */
  witness?: string;
}

export interface Mutant {
  id: string;
  /** What is wrong, in words; at most 72 characters, for the report. */
  what: string;
  edits: readonly Edit[];
  caughtBy: Suite;
}

/** The words for an edit that no longer applies to `text`; null when it does. Pure. */
export function whyNotApplicable(mutantId: string, { file, find }: Edit, text: string): string | null {
  const occurrences = text.split(find).length - 1;
  if (occurrences === 1) return null;
  const times = occurrences === 0 ? 'no longer occurs' : `occurs ${occurrences} times`;
  return `Plant ${mutantId} no longer applies: in ${file} its text ${times}; adapt it to the code as it is now:\n${find}`;
}

/** `text` with the edit made. The replacement is taken literally. Throws when the edit does not apply. */
export function applyEdit(plantId: string, edit: Edit, text: string): string {
  const problem = whyNotApplicable(plantId, edit, text);
  if (problem !== null) throw new Error(problem);
  return text.replace(edit.find, () => edit.replace);
}
