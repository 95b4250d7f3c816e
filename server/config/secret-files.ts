/** Docker and Kubernetes mount secrets as files: NAME_FILE is the path of a file that holds NAME's value. */
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import {
  type ConfigVariable,
  type Environment,
  type SecretFileVariable,
  VARIABLES,
  type VariableName,
} from './variables.ts';

export const fileVariableOf = (name: VariableName): SecretFileVariable => `${name}_FILE`;

export const SECRET_NAMES: readonly VariableName[] = (Object.entries(VARIABLES) as [VariableName, ConfigVariable][])
  .filter(([, { secret }]) => secret)
  .map(([name]) => name);

/**
 * Returns `env` with each NAME_FILE replaced by NAME. An empty file counts as not set, like an empty variable.
 * A problem passed to `report` completes the sentence "NAME …" and holds the file's path, never its content.
 */
export function readSecretFiles(env: Environment, report: (name: VariableName, problem: string) => void): Environment {
  const resolved: Partial<Record<VariableName | SecretFileVariable, string>> = { ...env };
  for (const name of SECRET_NAMES) {
    const fileVariable = fileVariableOf(name);
    const path = env[fileVariable]?.trim();
    delete resolved[fileVariable];
    if (path === undefined || path === '') continue;
    if (env[name]?.trim()) {
      report(name, `is given twice, by itself and by ${fileVariable}: unset one of them`);
    } else if (!isAbsolute(path)) {
      // The value is not repeated, because it may be the secret itself under the wrong name.
      report(name, `cannot be read: ${fileVariable} must be an absolute path`);
    } else {
      const content = readText(path, (reason) =>
        report(name, `cannot be read from ${path}, which ${fileVariable} names (${reason})`),
      );
      if (content !== null) resolved[name] = content;
    }
  }
  return resolved;
}

function readText(path: string, fail: (reason: string) => void): string | null {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    fail(typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable');
    return null;
  }
}
