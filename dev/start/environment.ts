/**
 * What the environment says to the development shop and to nothing else: where its stand-ins listen and keep their data,
 * and what the machine offers for finding a mongod. The one place in dev that looks at process.env; the
 * program's own variables are read by server/config/config.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from './start-error.ts';

/** Development's own variables, for the table that `npm start` prints and for docs/configuration.md. */
export const DEVELOPMENT_VARIABLES = {
  SANDBOX_PORT: { purpose: 'Where the sandbox Paystack listens, on loopback; 0 for a free port.', default: '3002' },
  MAILBOX_PORT: { purpose: 'Where the mailbox listens, on loopback; 0 for a free port.', default: '3003' },
  DATA_DIR: { purpose: 'The folder that keeps what the stand-ins know.', default: '.data' },
} as const;

export interface DevelopmentSettings {
  sandboxPort: number;
  mailboxPort: number;
  /** An absolute path; a relative DATA_DIR counts from the root of the checkout. */
  dataFolder: string;
  /** True when NODE_ENV asks for production, which the development shop refuses to be. */
  asksForProduction: boolean;
}

/** Every variable, as the machine gives them. */
export function readMachineEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** The root of the checkout. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/** Pure. Throws StartError for a port that is none. */
export function readDevelopmentSettings(env: NodeJS.ProcessEnv = readMachineEnvironment()): DevelopmentSettings {
  return {
    sandboxPort: portOf(env, 'SANDBOX_PORT'),
    mailboxPort: portOf(env, 'MAILBOX_PORT'),
    dataFolder: resolve(PROJECT_FOLDER, env.DATA_DIR || DEVELOPMENT_VARIABLES.DATA_DIR.default),
    asksForProduction: env.NODE_ENV === 'production',
  };
}

function portOf(env: NodeJS.ProcessEnv, name: 'SANDBOX_PORT' | 'MAILBOX_PORT'): number {
  const text = env[name]?.trim() || DEVELOPMENT_VARIABLES[name].default;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new StartError(`${name} must be a port from 0 to 65535, not "${text}".`);
  return port;
}
