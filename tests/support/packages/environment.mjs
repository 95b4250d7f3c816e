/** Jest's Node environment, in which the bundled packages are evaluated when a module first imports them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/** Compiled once for all test files that this process runs: a context shares nothing of it but the compiled code. */
let compiled;

function compile(path) {
  const names = 'module, exports, require, __filename, __dirname';
  compiled ??= new Script(`(function (${names}) {${readFileSync(path, 'utf8')}\n})`, { filename: path });
  return compiled;
}

export default class PackagesEnvironment extends TestEnvironment {
  #path;
  #packages;

  constructor(config, context) {
    super(config, context);
    this.#path = config.projectConfig.testEnvironmentOptions.packages;
    this.global[Symbol.for('orders-module.packages')] = (specifier) => this.#load(specifier);
  }

  #load(specifier) {
    this.#packages ??= this.#evaluate();
    return this.#packages[specifier]();
  }

  #evaluate() {
    const module = { exports: {} };
    const evaluate = compile(this.#path).runInContext(this.getVmContext());
    evaluate(module, module.exports, createRequire(this.#path), this.#path, dirname(this.#path));
    return module.exports.packages;
  }
}
