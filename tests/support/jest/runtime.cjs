/**
 * Runs one test file for Jest. Jest's own runtime evaluates all modules anew for each test file, in a context whose globals
 * are slow to read, which took half of the CPU time of a run. Here the test files of a process share all modules that they
 * import; only the test file is evaluated anew. A shared module must not keep what belongs to one test file.
 */
const { isBuiltin } = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { SourceTextModule, SyntheticModule } = require('node:vm');

const TRANSFORM = {
  isInternalModule: false,
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};
/** The client package. */
const CLIENT = join(__dirname, '../../../client-sdk/src/index.ts');
const CONDITIONS = ['node', 'node-addons', 'import', 'default'];
/** The globals at which both scripts of jest-circus keep their state, and share their event handlers. */
const CIRCUS_STATE = 'JEST_STATE_SYMBOL';
const CIRCUS_HANDLERS = Symbol.for('EVENT_HANDLERS');
/** Later ones were added for one test file. */
const CIRCUS_OWN_HANDLERS = 2;

/** Promises of modules, by path, or by name for modules of Node. */
const sharedModules = new Map();
/** Paths of source maps, by path of the compiled file. */
const sourceMaps = new Map();

module.exports = class SharedModulesRuntime {
  #jest;
  #resolver;
  #transformer;
  #globals = {};
  #testFile = null;
  /** Node 20 collects a module that only its importer links to, and crashes when it then evaluates the importer. */
  #kept = [];

  constructor(_config, environment, resolver, transformer, _sources, coverage, _path, { watch, watchAll }) {
    if (coverage.collectCoverage) throw new Error('No coverage with shared modules: use NODE_V8_COVERAGE.');
    // What is watched changes between runs.
    if (watch || watchAll) sharedModules.clear();
    this.#jest = environment.jest;
    this.#resolver = resolver;
    this.#transformer = transformer;
  }

  /**
   * Resets jest-circus, because its modules keep the tests of one file. Loading it anew would leave an AsyncLocalStorage
   * of each test file behind, and each slows down every promise.
   */
  requireInternalModule(path) {
    const adapter = require(path);
    const circus = require(join(dirname(path), 'index.js'));
    circus.resetState();
    for (const key of Object.getOwnPropertySymbols(globalThis))
      if (key.description === CIRCUS_STATE) globalThis[key] = circus.getState();
    globalThis[CIRCUS_HANDLERS].splice(CIRCUS_OWN_HANDLERS);
    return adapter;
  }

  requireModule(path) {
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    this.#globals = { ...globals, jest: this.#jest };
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    this.#testFile = await this.#compile(path);
    return this.#evaluate(this.#testFile);
  }

  async #evaluate(module) {
    if (module.status === 'unlinked') await module.link((specifier, importer) => this.#find(specifier, importer));
    await module.evaluate();
    return module;
  }

  #find(specifier, importer) {
    if (specifier === '@jest/globals') return this.#globalsFor(importer);
    const path = isBuiltin(specifier) ? specifier : this.#resolve(specifier, importer.identifier);
    const known = sharedModules.get(path);
    if (known !== undefined) return known;
    const isOurs = /\.tsx?$/.test(path) && !path.includes('/node_modules/');
    const found = isOurs ? this.#compile(path) : importPackage(path);
    sharedModules.set(path, found);
    return found;
  }

  #resolve(specifier, from) {
    // The pages import the client by its name, which leads to its built files; tests need none.
    if (specifier === '@orders-module/client') return CLIENT;
    return this.#resolver.resolveModule(from, specifier, { conditions: CONDITIONS });
  }

  /** A shared module gets `expect` alone: a test that it defined would run only in the first test file that imports it. */
  #globalsFor(importer) {
    const { expect } = this.#globals;
    const module = toModule('@jest/globals', importer === this.#testFile ? this.#globals : { expect });
    this.#kept.push(module);
    return module;
  }

  async #compile(path) {
    const { code, sourceMapPath } = await this.#transformer.transformAsync(path, TRANSFORM);
    if (sourceMapPath) sourceMaps.set(path, sourceMapPath);
    return new SourceTextModule(code, {
      identifier: path,
      initializeImportMeta(meta) {
        Object.assign(meta, { dirname: dirname(path), filename: path, url: pathToFileURL(path).href });
      },
      importModuleDynamically: async (specifier, importer) => this.#evaluate(await this.#find(specifier, importer)),
    });
  }

  getSourceMaps() {
    return sourceMaps;
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
};

async function importPackage(path) {
  return toModule(path, await import(isBuiltin(path) ? path : pathToFileURL(path).href));
}

function toModule(identifier, exported) {
  const names = Object.keys(exported);
  const setAll = function () {
    for (const name of names) this.setExport(name, exported[name]);
  };
  return new SyntheticModule(names, setAll, { identifier });
}
