/** The runtime of the test files themselves: a garbage collection between two steps of it crashes no test process. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const RUNTIME = createRequire(import.meta.url).resolve('../support/jest/runtime.cjs');

/** Runs a test file whose first import collects garbage, before what the file imports from `@jest/globals` is evaluated. */
const PROGRAM = `
const Runtime = require(${JSON.stringify(RUNTIME)});
const SOURCES = {
  '/first.ts': "for (let round = 0; round < 3; round += 1) { gc(); await new Promise(setImmediate); }",
  '/file.ts': "import './first.ts'; import { expect } from '@jest/globals'; expect('evaluated');",
};
const resolver = { resolveModule: (_from, specifier) => specifier.slice(1) };
const transformer = { transformAsync: async (path) => ({ code: SOURCES[path] }) };
const runtime = new Runtime({}, {}, resolver, transformer, {}, {}, '/file.ts', {});
runtime.setGlobalsForRuntime({ expect: console.log });
runtime.unstable_importModule('/file.ts');
`;

test('a test file is evaluated after a garbage collection', async () => {
  const flags = ['--expose-gc', '--experimental-vm-modules', '--no-warnings', '--eval', PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env: {} });
  expect(stdout).toBe('evaluated\n');
});
