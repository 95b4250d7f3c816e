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
  testEnvironment: '<rootDir>/tests/support/jest/environment.mjs',
  runtime: '<rootDir>/tests/support/jest/runtime.cjs',
  // As the apps' own tsconfig: tests of their pure parts run from the sources.
  moduleNameMapper: { '^@orders-module/client$': '<rootDir>/client-sdk/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/client-sdk/'],
  ...extra,
});

const onMongo = {
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
};

export default {
  // A test that needs longer says so and why. test:faults and test:package, which start processes, set 120 s, and those of a browser 240 s.
  testTimeout: 20_000,
  // Concurrent tests (the crash matrix) mostly wait for locks to end.
  maxConcurrency: 6,
  // One more than a small machine has cores: a worker often waits for the database.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  projects: [
    project('unit'),
    // npm run check runs these: they read the sources and run none of them.
    project('rules'),
    project('component', onMongo),
    project('property', onMongo),
    project('contract', onMongo),
    project('regression', onMongo),
    // Outages, lost jobs, races and crowds. They wait or repeat, so npm run test:trouble runs them apart from npm test.
    project('trouble', onMongo),
    project('faults', onMongo),
    project('e2e', onMongo),
    // Times of pages in a browser, one test after another: what runs beside them would be measured, too.
    project('budgets', onMongo),
    project('package', onMongo),
  ],
};
