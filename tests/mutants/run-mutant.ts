/**
 * Tries one mutant in one copy of the tree. Its tests must pass without the edits and fail with them. A result that a busy
 * machine may have caused is repeated once, without and with the edits.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeCopy } from './copy-tree.ts';
import { findWitness, isDoubtful, isTrouble, whyNoBaseline, whyNotCaught } from './judge-run.ts';
import { applyEdit, type Mutant, type Suite } from './mutant.ts';
import { type FailedTest, runSuite, type SuiteRun } from './run-suite.ts';

export interface Outcome {
  mutant: Mutant;
  /** The first test that caught it; null if none did. */
  caughtBy: FailedTest | null;
  /** A sentence on why it was not caught; null if it was. */
  problem: string | null;
  /** Of the run with the edits, repetitions included, in ms. */
  durationMs: number;
}

/** Runs without any mutant, by test file; shared by all mutants, so that each runs once. */
export type Baselines = Map<string, Promise<SuiteRun>>;

export interface Workspace {
  /** Holds the edits of one mutant at a time. */
  copy: TreeCopy;
  mongodbUri: string;
  mutants: readonly Mutant[];
  baselines: Baselines;
}

/** Never rejects; an error becomes the outcome's problem. */
export async function tryMutant(workspace: Workspace, mutant: Mutant): Promise<Outcome> {
  const notCaught = (problem: string, durationMs = 0): Outcome => ({ mutant, caughtBy: null, problem, durationMs });
  try {
    const baseline = await baselineOf(workspace, mutant);
    const invalid = whyNoBaseline(baseline, mutant.caughtBy);
    if (invalid !== null) return notCaught(invalid);
    const startedAt = performance.now();
    let run = await runWithEdits(workspace, mutant);
    if (isDoubtful(run)) {
      const again = whyNoBaseline(
        await runTests(workspace, mutant.caughtBy, [mutant.caughtBy.testNamePattern]),
        mutant.caughtBy,
      );
      if (again !== null) return notCaught(again, performance.now() - startedAt);
      run = await runWithEdits(workspace, mutant);
    }
    const durationMs = performance.now() - startedAt;
    const problem = whyNotCaught(run, mutant.caughtBy);
    return { mutant, caughtBy: problem === null ? findWitness(run, mutant.caughtBy) : null, problem, durationMs };
  } catch (error) {
    return notCaught(error instanceof Error ? error.message : String(error));
  }
}

function runWithEdits(workspace: Workspace, mutant: Mutant): Promise<SuiteRun> {
  const { caughtBy } = mutant;
  return withEdits(workspace.copy.root, mutant, () => runTests(workspace, caughtBy, [caughtBy.testNamePattern]));
}

/** Runs all tests of the file that any mutant names, in one run without edits. */
function baselineOf(workspace: Workspace, { caughtBy }: Mutant): Promise<SuiteRun> {
  const { mutants, baselines } = workspace;
  const known = baselines.get(caughtBy.file);
  if (known) return known;
  const patterns = mutants
    .filter((mutant) => mutant.caughtBy.file === caughtBy.file)
    .map((mutant) => mutant.caughtBy.testNamePattern);
  const run = runTests(workspace, caughtBy, [...new Set(patterns)]);
  baselines.set(caughtBy.file, run);
  return run;
}

/** Repeats the run once if tests fail without an assertion, as on a busy machine. */
async function runTests({ copy, mongodbUri }: Workspace, suite: Suite, patterns: readonly string[]): Promise<SuiteRun> {
  const run = await runSuite(copy, mongodbUri, suite, patterns);
  return isTrouble(run) ? runSuite(copy, mongodbUri, suite, patterns) : run;
}

/** Undoes the edits afterwards, even if `act` rejects. */
async function withEdits<T>(root: string, { id, edits }: Mutant, act: () => Promise<T>): Promise<T> {
  const originals = new Map<string, string>();
  try {
    for (const edit of edits) {
      const path = join(root, edit.file);
      const text = await readFile(path, 'utf8');
      if (!originals.has(path)) originals.set(path, text);
      await writeFile(path, applyEdit(id, edit, text));
    }
    return await act();
  } finally {
    for (const [path, text] of originals) await writeFile(path, text);
  }
}
