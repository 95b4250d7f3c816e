/**
 * Configuration of the commands that people run by hand: only the variables that the command needs, checked like those
 * of the program. What the others are, or whether they are set at all, is no matter for a command.
 */
import { CONFIG_VARIABLES, type Config, ConfigError, type Environment, toConfig } from '../config/config.ts';
import type { VariableName } from '../config/variables.ts';

/** Throws ConfigError for a needed variable that is missing or that cannot be used. Pure. */
export function toCommandConfig(env: Environment, needed: readonly VariableName[]): Config {
  const wanted = CONFIG_VARIABLES.filter(({ name }) => needed.includes(name));
  const missing = wanted.filter(({ name }) => !env[name]?.trim());
  if (missing.length > 0)
    throw new ConfigError(missing.map(({ name, purpose }) => ({ name, purpose, problem: 'is missing' })));
  const given = Object.fromEntries(wanted.map(({ name }) => [name, env[name]]));
  // Not as production: its demands concern the program, and a command must also work with a test key.
  return toConfig({ ...given, NODE_ENV: 'development' });
}
