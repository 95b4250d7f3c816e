import { availableParallelism } from 'node:os';

/** Jest runs TypeScript as native ES modules: agenda and jose ship no CommonJS. Each folder of tests/ is one project. */
const project = (name, extra = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/client-sdk/'],
  ...extra,
});

const onMongo = {
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
};

export default {
  // Generous, for machines that are busy with something else: a guarantee that does not hold fails, a slow one passes.
  testTimeout: 120_000,
  // Concurrent tests (the crash matrix) mostly wait for locks to end.
  maxConcurrency: 6,
  // One more than a small machine has cores: a worker often waits for the database.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // Native ES modules are loaded anew for each file and kept; a fresh worker is cheaper than collecting all of it.
  workerIdleMemoryLimit: '500MB',
  projects: [
    project('unit'),
    project('component', onMongo),
    project('property', onMongo),
    project('contract', onMongo),
    project('regression', onMongo),
    project('faults', onMongo),
    project('e2e', onMongo),
    project('package', onMongo),
  ],
};
