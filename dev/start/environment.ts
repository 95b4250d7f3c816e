/** The variables of development alone; server/config/config.ts reads those of the program. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from './start-error.ts';

export const DEVELOPMENT_VARIABLES = {
  SANDBOX_PORT: { purpose: 'The port of the Paystack sandbox, on loopback; 0 for a free one.', default: '3002' },
  MAILBOX_PORT: { purpose: 'The port of the mailbox, on loopback; 0 for a free one.', default: '3003' },
  DATA_DIR: { purpose: 'The folder that keeps the data of the fakes and of the embedded MongoDB.', default: '.data' },
} as const;

export interface DevelopmentSettings {
  sandboxPort: number;
  mailboxPort: number;
  /** An absolute path; a relative DATA_DIR is resolved against the root of the checkout. */
  dataFolder: string;
  /** NODE_ENV is `production`; `npm start` refuses that. */
  isProduction: boolean;
}

/** Unfiltered, for child processes. */
export function readMachineEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** The root of the checkout. */
export const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));

/** Throws StartError for a malformed port. */
export function readDevelopmentSettings(env: NodeJS.ProcessEnv = readMachineEnvironment()): DevelopmentSettings {
  return {
    sandboxPort: portOf(env, 'SANDBOX_PORT'),
    mailboxPort: portOf(env, 'MAILBOX_PORT'),
    dataFolder: resolve(PROJECT_FOLDER, env.DATA_DIR || DEVELOPMENT_VARIABLES.DATA_DIR.default),
    isProduction: env.NODE_ENV === 'production',
  };
}

function portOf(env: NodeJS.ProcessEnv, name: 'SANDBOX_PORT' | 'MAILBOX_PORT'): number {
  const text = env[name]?.trim() || DEVELOPMENT_VARIABLES[name].default;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new StartError(`${name} must be a port from 0 to 65535, not "${text}".`);
  return port;
}
