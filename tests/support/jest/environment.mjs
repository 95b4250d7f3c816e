/**
 * Jest's environment for one test file. Tests run in the process's own context, because the modules that test files share
 * belong to one context. The end of a test file restores what it replaced.
 */
import { ModuleMocker } from 'jest-mock';

/** The global at which jest-circus looks for a file's timeout of tests. */
const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

const { console, setTimeout } = globalThis;
const { exit } = process;

export default class SharedEnvironment {
  global = globalThis;
  fakeTimers = null;
  fakeTimersModern = null;
  moduleMocker = new ModuleMocker(globalThis);

  /** What `@jest/globals` exports as `jest`. */
  jest = {
    restoreAllMocks: () => this.moduleMocker.restoreAllMocks(),
    setTimeout: (ms) => {
      globalThis[TIMEOUT] = ms;
    },
    spyOn: this.moduleMocker.spyOn.bind(this.moduleMocker),
  };

  getVmContext() {
    return null;
  }

  async setup() {}

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    Object.assign(globalThis, { console, setTimeout });
    process.exit = exit;
    delete globalThis[TIMEOUT];
  }
}
