/**
 * One run of one suite in a copy of the tree, by jest in a process of its own, read from jest's JSON. Called by
 * run-plant.ts.
 */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeCopy } from './copy-tree.ts';
import type { Suite } from './mutant.ts';

/** A suite that takes longer hangs; the slowest takes some 20 s when the machine is busy. */
const TIMEOUT_MS = 120_000;

export interface FailedTest {
  name: string;
  /** The first failure's: what follows, in hooks, may follow from it. */
  message: string;
}

export interface SuiteRun {
  /** Full names of the tests that passed and failed; tests that the pattern leaves out are in neither. */
  passed: string[];
  failed: FailedTest[];
  /** Why the file itself could not be run; null when it could. */
  unrunnable: string | null;
}

/** Runs those tests of the suite whose full names hold one of `patterns`. Throws when jest gives no result in time. */
export async function runSuite(
  { root, scratch }: TreeCopy,
  mongodbUri: string,
  { project, file }: Pick<Suite, 'project' | 'file'>,
  patterns: readonly string[],
): Promise<SuiteRun> {
  const output = join(scratch, 'result.json');
  await rm(output, { force: true });
  const names = patterns.map((pattern) => pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const flags = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const selection = ['--selectProjects', project, '--runTestsByPath', file, '--testNamePattern', names];
  // What a planted bug leaves open must not keep the process.
  const ending = ['--forceExit', '--runInBand'];
  const places = ['--json', `--outputFile=${output}`, `--cacheDirectory=${join(scratch, 'jest-cache')}`];
  const said = await finished(root, mongodbUri, [...flags, ...selection, ...ending, ...places]);
  const text = await readFile(output, 'utf8').catch(() => null);
  if (text === null) throw new Error(`${file}: jest gave no result: ${said.slice(-2_000)}`);
  return readResult(JSON.parse(text));
}

/** Resolves with what the process said once it is over; kills it when it takes too long. */
function finished(root: string, mongodbUri: string, argv: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, {
      cwd: root,
      env: { ...process.env, MONGODB_URI: mongodbUri, FORCE_COLOR: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
    });
    const tooLong = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(tooLong);
      resolve(said);
    });
  });
}

/** What we read of jest's JSON. */
interface JestResult {
  testResults: {
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

function readResult(result: JestResult): SuiteRun {
  const tests = result.testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ name: fullName, message: failureMessages[0] ?? '' }));
  const [first] = result.testResults;
  const ran = passed.length + failed.length > 0;
  return { passed, failed, unrunnable: ran ? null : first?.message.trim() || 'no test of it has such a name' };
}
