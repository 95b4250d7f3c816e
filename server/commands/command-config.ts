/** The configuration of the commands that people run by hand: a command validates only the variables that it needs. */
import {
  CONFIG_VARIABLES,
  type Config,
  ConfigError,
  type Environment,
  toConfig,
  withSecretFiles,
} from '../config/config.ts';
import { fileVariableOf } from '../config/secret-files.ts';
import type { VariableName } from '../config/variables.ts';

/** Throws ConfigError for a missing or unusable variable among `needed`. Ignores all other variables and secret files. */
export function toCommandConfig(env: Environment, needed: readonly VariableName[]): Config {
  const variables = CONFIG_VARIABLES.filter(({ name }) => needed.includes(name));
  const names = variables.flatMap(({ name }) => [name, fileVariableOf(name)]);
  const given = withSecretFiles(Object.fromEntries(names.map((name) => [name, env[name]])));
  const missing = variables.filter(({ name }) => !given[name]?.trim());
  if (missing.length > 0)
    throw new ConfigError(missing.map(({ name, purpose }) => ({ name, purpose, problem: 'is missing' })));
  // Not as production: its rules are for the program, and a command must also work with a test key.
  return toConfig({ ...given, NODE_ENV: 'development' });
}
