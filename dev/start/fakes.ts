/**
 * Opens the sandbox Paystack and the mailbox for a local shop. A file of its own, because express and what it brings
 * are loaded while the database starts.
 */
import { join } from 'node:path';
import { type Mailbox, startMailbox } from '../mailbox/mailbox.ts';
import { type PaystackSandbox, startPaystackSandbox } from '../paystack-sandbox/src/index.ts';
import type { LocalShopOptions } from './local-shop.ts';
import { StartError } from './start-error.ts';

type Closers = (() => Promise<void>)[];

/** Keeps its book in the folder, where there is one. Throws StartError when its port is taken. */
export async function openSandbox(
  { folder, ports, clock, refundStepMs, secretKey }: LocalShopOptions & { secretKey: string },
  closers: Closers,
): Promise<PaystackSandbox> {
  const sandbox = await startPaystackSandbox({
    secretKey,
    port: ports.sandbox,
    refundStepMs,
    ...(clock === undefined ? {} : { clock }),
    ...(folder === null ? {} : { folder }),
  }).catch((error: unknown) => Promise.reject(explain(error, 'SANDBOX_PORT', ports.sandbox)));
  closers.push(() => sandbox.close());
  return sandbox;
}

/** Keeps its mails in the folder, where there is one. Throws StartError when its port is taken. */
export async function openMailbox({ folder, ports, clock }: LocalShopOptions, closers: Closers): Promise<Mailbox> {
  const mailbox = await startMailbox({
    port: ports.mailbox,
    ...(clock === undefined ? {} : { clock }),
    ...(folder === null ? {} : { file: join(folder, 'mailbox.json') }),
  }).catch((error: unknown) => Promise.reject(explain(error, 'MAILBOX_PORT', ports.mailbox)));
  closers.push(() => mailbox.close());
  return mailbox;
}

function explain(error: unknown, variable: string, port: number): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!taken) return error;
  return new StartError(`Port ${port} is taken by another program: stop it, or set ${variable} to another port.`);
}
