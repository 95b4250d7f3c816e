/** Loaded dynamically, so that express and its dependencies load while the database starts. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../jobs/ports.ts';
import { type Mailbox, startMailbox } from '../mailbox/mailbox.ts';
import { type PaystackSandbox, RECORDS_FILE, startPaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { StartError } from './start-error.ts';

export interface FakesOptions {
  /** Where the fakes keep their data; null keeps it in memory. */
  folder: string | null;
  /** 0 takes a free port. */
  ports: { sandbox: number; mailbox: number };
  /** The pause between the states of a refund at the sandbox. */
  refundStepMs: number;
}

type Closers = (() => Promise<void>)[];

const MAILBOX_FILE = 'mailbox.json';

/** All that the fakes keep in their folder. */
export const FAKES_FILES = [RECORDS_FILE, MAILBOX_FILE];

/** Of an earlier start. */
export const hasSandboxRecords = (folder: string): boolean => existsSync(join(folder, RECORDS_FILE));

/** Throws StartError if the port is taken. */
export async function openSandbox(
  { folder, ports, refundStepMs, secretKey, clock }: FakesOptions & { secretKey: string; clock: Clock },
  closers: Closers,
): Promise<PaystackSandbox> {
  const sandbox = await startPaystackSandbox({
    secretKey,
    clock,
    port: ports.sandbox,
    refundStepMs,
    ...(folder === null ? {} : { folder }),
  }).catch((error: unknown) => Promise.reject(explain(error, 'SANDBOX_PORT', ports.sandbox)));
  closers.push(() => sandbox.close());
  return sandbox;
}

/** Throws StartError if the port is taken. */
export async function openMailbox(
  { folder, ports, clock }: FakesOptions & { clock: Clock },
  closers: Closers,
): Promise<Mailbox> {
  const mailbox = await startMailbox({
    port: ports.mailbox,
    clock,
    ...(folder === null ? {} : { file: join(folder, MAILBOX_FILE) }),
  }).catch((error: unknown) => Promise.reject(explain(error, 'MAILBOX_PORT', ports.mailbox)));
  closers.push(() => mailbox.close());
  return mailbox;
}

function explain(error: unknown, variable: string, port: number): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!taken) return error;
  return new StartError(`Port ${port} is taken by another program: stop it, or set ${variable} to another port.`);
}
