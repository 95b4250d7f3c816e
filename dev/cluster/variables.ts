import { type Environment, toConfig, withSecretFiles } from '../../server/config/config.ts';
import { StartError } from '../start/start-error.ts';

/** Each process has its own address and role, and the cluster has its own replica set. */
const SET_BY_CLUSTER = ['HOST', 'OPS_PORT', 'ROLES', 'MONGODB_URI'];

export interface ClusterVariables {
  /** Of the address in front of the webs. */
  port: number;
  /** For every process. */
  env: Record<string, string>;
}

/**
 * Reads the program's variables for a cluster. Throws ConfigError for values that the program refuses, and StartError for
 * variables that the cluster sets itself.
 */
export function toClusterVariables(environment: Environment): ClusterVariables {
  const given = Object.entries(withSecretFiles(environment)).filter(isSet);
  const refused = given.map(([name]) => name).filter((name) => SET_BY_CLUSTER.includes(name));
  if (refused.length > 0)
    throw new StartError(`npm run cluster sets ${refused.join(', ')} itself. Unset it, and start again.`);
  const { port } = toConfig({ NODE_ENV: 'development', ...Object.fromEntries(given) });
  return { port, env: Object.fromEntries(given.filter(([name]) => name !== 'PORT')) };
}

function isSet(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined && entry[1].trim() !== '';
}
