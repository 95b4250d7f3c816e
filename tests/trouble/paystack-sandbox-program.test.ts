/** The sandbox as its own package: started by its own command, in its own process. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../support/eventually.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGE_FOLDER = fileURLToPath(new URL('../../dev/paystack-sandbox/', import.meta.url));
const START = ['start', '-w', '@orders-module/paystack-sandbox'];
const SECRET_KEY = 'sk_test_of_the_program';
const START_MS = 20_000;

let receiver: WebhookReceiver;
let running: ChildProcess[];

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map(stop));
  await receiver.close();
});

/** The variables of this process without those that the sandbox reads. */
function variables(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, PORT: __, DATA_DIR: ___, ...env } = process.env;
  return { ...env, ...extra };
}

/** npm in its own process group, so that one signal reaches the sandbox as Ctrl-C does. */
function start(extra: Record<string, string>) {
  const child = spawn('npm', START, { cwd: ROOT, env: variables(extra), detached: true });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return { child, output: () => output };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  process.kill(-Number(child.pid), 'SIGINT');
  await exited;
  return child.exitCode;
}

async function call(url: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/json' };
  const reply = await fetch(url + path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  expect(reply.status).toBe(200);
  return z.object({ status: z.literal(true), data: z.unknown() }).parse(await reply.json()).data;
}

test('started by its own command, it takes a payment from initialize to the signed webhook, and stops on Ctrl-C', async () => {
  const { child, output } = start({ PAYSTACK_SECRET_KEY: SECRET_KEY, PORT: '0', WEBHOOK_URL: receiver.url });
  const url = await eventually(
    'the address that the sandbox prints',
    () => /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1],
    START_MS,
  );
  const page = z.object({ authorization_url: z.url(), reference: z.string() }).parse(
    await call(url, '/transaction/initialize', {
      email: 'ada@example.com',
      amount: 150_000,
      currency: 'NGN',
      callback_url: 'http://127.0.0.1:9/paid',
    }),
  );
  expect(page.authorization_url.startsWith(`${url}/checkout/`)).toBe(true);
  const card = { action: 'card', number: '4084 0840 8408 4081', expiry: '12/99', cvv: '408' };
  const paid = await fetch(page.authorization_url, {
    method: 'POST',
    body: new URLSearchParams(card),
    redirect: 'manual',
  });
  expect([paid.status, paid.headers.get('location')]).toEqual([
    303,
    `http://127.0.0.1:9/paid?trxref=${page.reference}&reference=${page.reference}`,
  ]);
  expect(await call(url, `/transaction/verify/${page.reference}`)).toMatchObject({
    status: 'success',
    amount: 150_000,
  });
  const [event] = await receiver.received(1);
  expect(JSON.parse(String(event?.body))).toMatchObject({
    event: 'charge.success',
    data: { reference: page.reference, amount: 150_000 },
  });
  const signature = createHmac('sha512', SECRET_KEY).update(event?.body ?? '');
  expect(event?.signature).toBe(signature.digest('hex'));
  expect(output()).not.toContain(SECRET_KEY);
  await stop(child);
  await expect(fetch(url)).rejects.toThrow();
});

test('it names each variable that is missing or malformed without printing a value, and exits 2', async () => {
  const missing = start({ PAYSTACK_SECRET_KEY: '' });
  const malformed = start({ PAYSTACK_SECRET_KEY: 'not-a-key', PORT: '70000', WEBHOOK_URL: 'ftp://shop.example' });
  await Promise.all([missing, malformed].map(({ child }) => once(child, 'exit')));
  expect([missing.child.exitCode, malformed.child.exitCode]).toEqual([2, 2]);
  expect(missing.output()).toContain('PAYSTACK_SECRET_KEY');
  for (const variable of ['PAYSTACK_SECRET_KEY', 'PORT', 'WEBHOOK_URL'])
    expect(malformed.output()).toContain(`${variable} must be`);
  expect(malformed.output()).not.toMatch(/not-a-key|70000|ftp:/);
});

test('its name leads to its entry points', async () => {
  const script = `
    import { startPaystackSandbox } from '@orders-module/paystack-sandbox';
    import { injectFault } from '@orders-module/paystack-sandbox/http';
    console.log(typeof startPaystackSandbox, typeof injectFault);
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    { cwd: PACKAGE_FOLDER, env: variables({}) },
  );
  expect(stdout).toBe('function function\n');
});
