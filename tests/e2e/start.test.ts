/** `npm start` and `npm run demo`, each in its own process, on free ports and in a temporary folder. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { mongo } from 'mongoose';
import { signIn } from '../../dev/demo/shopper.ts';
import { RECORDS_FILE } from '../../dev/paystack-sandbox/src/index.ts';
import { SEED_CUSTOMER, SEED_STAFF } from '../../dev/seed/seed.ts';
import { SEED_CATALOGUE } from '../../dev/seed/seed-catalogue.ts';
import { findFreePort } from '../../dev/start/ports.ts';
import { eventually } from '../support/eventually.ts';

const ENTRY = fileURLToPath(new URL('../../dev/entry.mjs', import.meta.url));
const AUDIT = fileURLToPath(new URL('../../server/commands/audit.ts', import.meta.url));
const READY_MS = 25_000;
/** The history takes some 7 s of a machine that does nothing else. */
const PLAYED_MS = 200_000;
const STOP_MS = 10_000;
const DAY_MS = 24 * 3600_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orders-start-'));
});
const started: Start[] = [];
afterAll(async () => {
  // A test that failed has not stopped its shop.
  for (const shop of started) if (shop.child.exitCode === null) await stop(shop);
  await rm(folder, { recursive: true, force: true });
});

interface Start {
  child: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
}

/** Leaves out the test run's database and Node options, so that the child starts with defaults. */
function variables(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { MONGODB_URI: _, NODE_OPTIONS: __, NODE_ENV: ___, ...env } = process.env;
  return { ...env, DATA_DIR: folder, PORT: '0', SANDBOX_PORT: '0', MAILBOX_PORT: '0', ...extra };
}

function start(extra: Record<string, string> = {}, args: readonly string[] = ['--empty']): Start {
  const child = spawn(process.execPath, [ENTRY, './start/main.ts', ...args], { env: variables(extra) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const shop = { child, output: () => output, exited };
  started.push(shop);
  return shop;
}

/** Resolves with the shop's address when it is ready. */
async function untilReady({ child, output }: Start, timeoutMs = READY_MS): Promise<string> {
  const isReady = () => {
    if (child.exitCode !== null) throw new Error(`npm start ended: ${output()}`);
    return output().includes('Ctrl-C stops all of it');
  };
  await eventually('the table of npm start', isReady, timeoutMs);
  return /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0] ?? '';
}

async function stop({ child, exited }: Start): Promise<number | null> {
  const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGINT');
  const code = await exited;
  clearTimeout(killTimer);
  return code;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function slugs(url: string): Promise<unknown> {
  const input = encodeURIComponent(JSON.stringify({ limit: 50 }));
  return (await fetch(`${url}/trpc/catalog.products?input=${input}`)).json();
}

/** Expects the storefront's page and its script. */
async function expectStorefront(url: string): Promise<void> {
  const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('id="root"');
  const script = /<script[^>]+src="([^"]+)"/.exec(page)?.[1];
  const answer = await fetch(new URL(script ?? 'no-script', url));
  expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
    status: 200,
    type: expect.stringContaining('javascript'),
  });
  await answer.body?.cancel();
}

/** Days by which the shop's clock is ahead, as its tokens say. */
async function daysAhead(url: string): Promise<number> {
  const { token } = await signIn(url, SEED_CUSTOMER);
  const { iat = 0 } = decodeJwt(token);
  return Math.round((iat * 1_000 - Date.now()) / DAY_MS);
}

async function letDaysPass({ output }: Start, days: number): Promise<void> {
  const clock = /http:\S+\/__sandbox\/clock/.exec(output())?.[0] ?? '';
  const body = JSON.stringify({ advanceMs: days * DAY_MS });
  const answer = await fetch(clock, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(answer.status).toBe(200);
}

test('the shop starts with its storefront, rejects a second one in its folder, leaves no process after its stop, and resumes its data', async () => {
  const first = start();
  const url = await untilReady(first);
  const catalogue = await slugs(url);
  for (const { slug } of SEED_CATALOGUE) expect(JSON.stringify(catalogue)).toContain(`"${slug}"`);
  await expectStorefront(url);
  await letDaysPass(first, 3);
  expect(await daysAhead(url)).toBe(3);
  const mongod = Number(await readFile(join(folder, 'mongo', 'mongod.lock'), 'utf8'));
  expect(isRunning(mongod)).toBe(true);

  const second = start();
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain('stop the shop that runs from this folder first');
  expect(second.output()).not.toMatch(/^\s+at /m);

  expect(await stop(first)).toBe(0);
  expect(isRunning(mongod)).toBe(false);

  const again = start();
  const restarted = await untilReady(again);
  expect(await slugs(restarted)).toEqual(catalogue);
  expect(await daysAhead(restarted)).toBe(3);
  expect(await stop(again)).toBe(0);
}, 60_000);

test('an empty folder gets a history once, also after one that was stopped: orders in every state, with clean books', async () => {
  const history = join(folder, 'history');
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const stopped = start({ DATA_DIR: history }, []);
    await eventually('the first payments', () => existsSync(join(history, RECORDS_FILE)), PLAYED_MS);
    stopped.child.kill(signal);
    await stopped.exited;
    const said = stopped.output().includes('Stopped; the next start plays the days from the first one on.');
    expect({ signal, said }).toEqual({ signal, said: signal === 'SIGINT' });
  }
  const first = start({ DATA_DIR: history }, []);
  const url = await untilReady(first, PLAYED_MS);
  expect(first.output()).toContain('The last start was stopped early: the shop begins anew.');
  const { client } = await signIn(url, SEED_STAFF);
  const counts = await client.admin.orderCounts.query();
  expect(counts.all).toBe(300);
  for (const list of ['to_ship', 'unpaid', 'shipped', 'delivered', 'cancelled'] as const)
    expect({ list, isEmpty: counts[list] === 0 }).toEqual({ list, isEmpty: false });
  const today = await client.admin.today.query();
  expect(today.disputes.count).toBe(2);
  expect(today.failedEmails).toBeGreaterThan(0);
  expect(today.needsAttention).toBeGreaterThan(0);
  for (const attention of ['review', 'refund', 'dispute'] as const)
    expect((await client.admin.orders.query({ attention })).items).not.toEqual([]);
  const { items: products } = await client.catalog.products.query({ limit: 50 });
  expect(products.filter(({ picture }) => picture === null)).toEqual([]);
  const { items: payouts } = await client.admin.payouts.query({});
  expect(payouts.length).toBeGreaterThan(10);
  expect(new Set(payouts.map(({ state }) => state))).toEqual(new Set(['proved']));
  const { days } = await client.admin.sales.query();
  expect(days.filter(({ figures }) => figures.length > 0).length).toBeGreaterThan(25);
  const uri = /mongodb:\S+/.exec(first.output())?.[0] ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', AUDIT], {
    env: variables({ MONGODB_URI: uri }),
  });
  expect(stdout).toContain('No check found a violation');
  expect(await stop(first)).toBe(0);

  const again = start({ DATA_DIR: history }, []);
  await untilReady(again);
  expect(again.output()).not.toContain('Playing');
  expect(await stop(again)).toBe(0);
}, 400_000);

test('data of another release line are refused in one sentence that says how to begin anew', async () => {
  const data = join(folder, 'of-another-line');
  const shop = start({ DATA_DIR: data });
  await untilReady(shop);
  const uri = /mongodb:\S+/.exec(shop.output())?.[0] ?? '';
  const client = await new mongo.MongoClient(uri).connect();
  await client
    .db()
    .collection('schemaversion')
    .updateOne({}, { $unset: { line: 1 } });
  await client.close();
  expect(await stop(shop)).toBe(0);

  const again = start({ DATA_DIR: data });
  expect(await again.exited).toBe(1);
  expect(again.output().trim()).toBe(
    `The data in ${relative(process.cwd(), data)} were written by a version before 1.0.0, which this program does not read: delete that folder to begin anew.`,
  );
}, 60_000);

test('a Node version that is too old is rejected in one sentence', async () => {
  const past = join(folder, 'past.cjs');
  await writeFile(past, "Object.defineProperty(process.versions, 'node', { value: '18.19.0' });");
  const failure = await promisify(execFile)(process.execPath, ['--require', past, ENTRY, './start/main.ts']).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failure).toMatchObject({
    code: 1,
    stderr: 'Node 18.19.0 is too old: this program needs Node 20.19 or later (https://nodejs.org).\n',
  });
});

test('a port in use is rejected in one sentence that names the variable', async () => {
  const port = await findFreePort();
  const { createServer } = await import('node:net');
  const rival = createServer().listen(port, '127.0.0.1');
  try {
    for (const variable of ['PORT', 'SANDBOX_PORT', 'MAILBOX_PORT']) {
      const shop = start({ [variable]: String(port) });
      expect(await shop.exited).toBe(1);
      const sentence = `Port ${port} is taken by another program: stop it, or set ${variable} to another port.`;
      expect(shop.output().trim()).toBe(sentence);
    }
  } finally {
    rival.close();
  }
});

test('the demo reports a purchase and a declined card, passes its consistency checks, and exits 0', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, './demo/main.ts'], { env: variables({}) });
  expect(stdout).toContain('orders.watch reports: confirmed');
  expect(stdout).toContain('Total: ₦50,600.50');
  expect(stdout).toMatch(/The audit.*: clean/);
  const declined = await promisify(execFile)(process.execPath, [ENTRY, './demo/main.ts', '--declined'], {
    env: variables({}),
  });
  expect(declined.stdout).toContain('the order is still pending, unpaid');
  expect(declined.stdout).toMatch(/The audit.*: clean/);
}, 60_000);
