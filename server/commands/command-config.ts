/**
 * Configuration of the commands that people run by hand: only the variables that the command needs, checked like those
 * of the program. All other variables are ignored.
 */
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

/** Throws ConfigError for a needed variable that is missing or that cannot be used. Reads no secret file but those needed. */
export function toCommandConfig(env: Environment, needed: readonly VariableName[]): Config {
  const wanted = CONFIG_VARIABLES.filter(({ name }) => needed.includes(name));
  const names = wanted.flatMap(({ name }) => [name, fileVariableOf(name)]);
  const given = withSecretFiles(Object.fromEntries(names.map((name) => [name, env[name]])));
  const missing = wanted.filter(({ name }) => !given[name]?.trim());
  if (missing.length > 0)
    throw new ConfigError(missing.map(({ name, purpose }) => ({ name, purpose, problem: 'is missing' })));
  // Not as production: its demands concern the program, and a command must also work with a test key.
  return toConfig({ ...given, NODE_ENV: 'development' });
}
