/**
 * One plant tried in one copy of the tree: its suite passes without it, the edits are made, the suite runs again, the
 * edits are undone. What a busy machine may have brought about is tried once more, without the plant and with it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeCopy } from './copy-tree.ts';
import { findWitness, isDoubtful, isTrouble, whyNoBaseline, whyNotCaught } from './judge-run.ts';
import { applyEdit, type Mutant, type Suite } from './mutant.ts';
import { type FailedTest, runSuite, type SuiteRun } from './run-suite.ts';

export interface Outcome {
  mutant: Mutant;
  /** The first test that saw it; null when none did. */
  caughtBy: FailedTest | null;
  /** Why it was not caught, in a sentence; null when it was. */
  problem: string | null;
  /** The plant's own run, repetitions included, in ms. */
  durationMs: number;
}

/** Tests of one suite file that passed unplanted, by file; shared by all plants, so that each is run once. */
export type Baselines = Map<string, Promise<SuiteRun>>;

export interface Field {
  /** Written by one plant at a time. */
  copy: TreeCopy;
  mongodbUri: string;
  plants: readonly Mutant[];
  baselines: Baselines;
}

/** Tries the plant; never throws for the plant's sake. */
export async function tryMutant(field: Field, plant: Mutant): Promise<Outcome> {
  const lost = (problem: string, durationMs = 0): Outcome => ({ mutant: plant, caughtBy: null, problem, durationMs });
  try {
    const unplanted = await baselineOf(field, plant);
    const without = whyNoBaseline(unplanted, plant.caughtBy);
    if (without !== null) return lost(without);
    const startedAt = performance.now();
    let run = await observePlanted(field, plant);
    if (isDoubtful(run)) {
      const again = whyNoBaseline(
        await observe(field, plant.caughtBy, [plant.caughtBy.testNamePattern]),
        plant.caughtBy,
      );
      if (again !== null) return lost(again, performance.now() - startedAt);
      run = await observePlanted(field, plant);
    }
    const durationMs = performance.now() - startedAt;
    const problem = whyNotCaught(run, plant.caughtBy);
    return { mutant: plant, caughtBy: problem === null ? findWitness(run, plant.caughtBy) : null, problem, durationMs };
  } catch (error) {
    return lost(error instanceof Error ? error.message : String(error));
  }
}

function observePlanted(field: Field, plant: Mutant): Promise<SuiteRun> {
  const { caughtBy } = plant;
  return withPlanted(field.copy.root, plant, () => observe(field, caughtBy, [caughtBy.testNamePattern]));
}

/** The suite without any plant: all tests that plants name in this file, in one run. */
function baselineOf(field: Field, { caughtBy }: Mutant): Promise<SuiteRun> {
  const { plants, baselines } = field;
  const known = baselines.get(caughtBy.file);
  if (known) return known;
  const patterns = plants
    .filter((plant) => plant.caughtBy.file === caughtBy.file)
    .map((plant) => plant.caughtBy.testNamePattern);
  const run = observe(field, caughtBy, [...new Set(patterns)]);
  baselines.set(caughtBy.file, run);
  return run;
}

/** Runs the tests; once more when they fail for another reason than what they saw, as on a machine that is too busy. */
async function observe({ copy, mongodbUri }: Field, suite: Suite, patterns: readonly string[]): Promise<SuiteRun> {
  const run = await runSuite(copy, mongodbUri, suite, patterns);
  return isTrouble(run) ? runSuite(copy, mongodbUri, suite, patterns) : run;
}

/** Runs `act` with the edits made, and undoes them. */
async function withPlanted<T>(root: string, { id, edits }: Mutant, act: () => Promise<T>): Promise<T> {
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
