import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TreeCopy } from './copy-tree.ts';
import type { Suite } from './mutant.ts';

/** The slowest suite takes about 20 s on a busy machine. */
const TIMEOUT_MS = 120_000;

export interface FailedTest {
  name: string;
  /** Of the first failure; later ones, in hooks, may be its consequences. */
  message: string;
}

export interface SuiteRun {
  /** Full names; tests that the patterns exclude are in neither list. */
  passed: string[];
  failed: FailedTest[];
  /** Error message if the file could not be run; else null. */
  unrunnable: string | null;
}

/** Runs the tests whose full names contain one of `patterns`, in a separate jest process. Rejects on a timeout. */
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
  // Handles that a mutant leaves open must not keep the process alive.
  const ending = ['--forceExit', '--runInBand'];
  const places = ['--json', `--outputFile=${output}`, `--cacheDirectory=${join(scratch, 'jest-cache')}`];
  const said = await finished(root, mongodbUri, [...flags, ...selection, ...ending, ...places]);
  const text = await readFile(output, 'utf8').catch(() => null);
  if (text === null) throw new Error(`${file}: jest gave no result: ${said.slice(-2_000)}`);
  return readResult(JSON.parse(text));
}

/** Resolves with the end of stderr when the process exits; kills it on a timeout. */
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
  if (!ran) return { passed, failed, unrunnable: first?.message.trim() || 'no test of it has such a name' };
  return { passed, failed: [...failed, ...failedHooks(result)], unrunnable: null };
}

/** The records are compared after the last test of a file; jest reports such a failure with the file. */
function failedHooks({ testResults }: JestResult): FailedTest[] {
  return testResults.flatMap(({ message }) => {
    const [broken] = /\d+ invariants do not hold.*/s.exec(stripVTControlCharacters(message)) ?? [];
    return broken === undefined ? [] : [{ name: 'after the last test', message: `Error: ${broken}` }];
  });
}
