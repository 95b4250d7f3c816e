/**
 * One plant tried in one copy of the tree: its suite passes without it, the edits are made, the suite runs again, the
 * edits are undone. Caught means that a test failed by what it saw, not because the code no longer runs.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeCopy } from './copy-tree.ts';
import { applyEdit, type Plant } from './plant.ts';
import { runSuite, type SuiteRun } from './run-suite.ts';

export interface Outcome {
  plant: Plant;
  /** The first test that failed, and its words; null when the plant was not caught. */
  caughtBy: { name: string; message: string } | null;
  /** Why it was not caught, in a sentence; null when it was. */
  problem: string | null;
  /** The plant's own run, in ms. */
  durationMs: number;
}

/** Tests of one suite file that passed unplanted, by file; shared by all plants, so that each is run once. */
export type Baselines = Map<string, Promise<SuiteRun>>;

export interface Field {
  /** Written by one plant at a time. */
  copy: TreeCopy;
  mongodbUri: string;
  plants: readonly Plant[];
  baselines: Baselines;
}

/** Tries the plant; never throws for the plant's sake. */
export async function tryPlant(field: Field, plant: Plant): Promise<Outcome> {
  const lost = (problem: string, durationMs = 0): Outcome => ({ plant, caughtBy: null, problem, durationMs });
  try {
    const unplanted = await baselineOf(field, plant);
    const without = whyNoBaseline(unplanted, plant);
    if (without !== null) return lost(without);
    const startedAt = performance.now();
    const run = await withPlanted(field.copy.root, plant, () =>
      runSuite(field.copy, field.mongodbUri, plant.caughtBy, [plant.caughtBy.testNamePattern]),
    );
    const durationMs = performance.now() - startedAt;
    const problem = whyNotCaught(run);
    return problem === null
      ? { plant, caughtBy: run.failed[0] ?? null, problem, durationMs }
      : lost(problem, durationMs);
  } catch (error) {
    return lost(error instanceof Error ? error.message : String(error));
  }
}

/** The suite without any plant: all tests that plants name in this file, in one run. */
function baselineOf({ copy, mongodbUri, plants, baselines }: Field, { caughtBy }: Plant): Promise<SuiteRun> {
  const known = baselines.get(caughtBy.file);
  if (known) return known;
  const patterns = plants
    .filter((plant) => plant.caughtBy.file === caughtBy.file)
    .map((plant) => plant.caughtBy.testNamePattern);
  const run = runSuite(copy, mongodbUri, caughtBy, [...new Set(patterns)]);
  baselines.set(caughtBy.file, run);
  return run;
}

function whyNoBaseline({ passed, failed, unrunnable }: SuiteRun, { caughtBy }: Plant): string | null {
  if (unrunnable !== null) return `without the plant ${caughtBy.file} cannot be run: ${unrunnable}`;
  const named = failed.find(({ name }) => name.includes(caughtBy.testNamePattern));
  if (named) return `without the plant "${named.name}" fails too: ${named.message}`;
  if (passed.some((name) => name.includes(caughtBy.testNamePattern))) return null;
  return `no test of ${caughtBy.file} is named "${caughtBy.testNamePattern}"`;
}

/** Code that no longer runs shows nothing about the tests. */
const BROKEN_CODE = /^(?:SyntaxError|ReferenceError)\b|Cannot find (?:module|package)|is not (?:defined|a function)/m;

function whyNotCaught({ failed, passed, unrunnable }: SuiteRun): string | null {
  if (unrunnable !== null) return `the suite cannot be run with the plant in place: ${unrunnable}`;
  if (failed.length === 0) return `not caught: ${passed.length} tests pass all the same`;
  const broken = failed.find(({ message }) => BROKEN_CODE.test(message));
  return broken ? `the plant breaks the code instead of bending it: ${broken.message.slice(0, 500)}` : null;
}

/** Runs `act` with the edits made, and undoes them. */
async function withPlanted<T>(root: string, { id, edits }: Plant, act: () => Promise<T>): Promise<T> {
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
