/**
 * The published package, built, packed and installed from the tarball into an empty project. It is type-checked there
 * with TypeScript's strictest options, libraries too, and run in Node against a shop.
 */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServer } from '../../server/process/start.ts';
import { aParcelOf } from '../support/action-keys.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const run = promisify(execFile);
const SDK = join(import.meta.dirname, '../../client-sdk');
/** A run takes about 30 s alone, and longer when other tests share the processors. */
const TIMEOUT_MS = 120_000;

/** A line that sample/live.ts prints: a status it received, or an action it requests. */
interface Line {
  request?: 'pay' | 'restart';
  status?: string;
  txRef?: string;
  id?: string;
}

/** The exports of the README's first example. */
interface ReadmeCheckout {
  checkOut(shippingAddress: typeof address, expectedTotal: number, say: (text: string) => void): Promise<void>;
  follow(id: string, say: (text: string) => void): { unsubscribe(): void };
}

const address = {
  name: 'Ada',
  line1: '1 Marina',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

let project: string;
let packed: string[];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'client-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: SDK });
  // The build prints a line before the JSON.
  const reports: { filename: string; files: { path: string }[] }[] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  const [report] = reports;
  if (!report) throw new Error('npm packed nothing');
  packed = report.files.map(({ path }) => path).sort();
  // Pinned, because npm would install tRPC's newest peer, a major version without the compiler API that tools need.
  const manifest = {
    private: true,
    type: 'module',
    devDependencies: { typescript: '6.0.3' },
  };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(project, report.filename)], {
    cwd: project,
  });
  await cp(join(SDK, 'sample'), project, { recursive: true });
  const [checkout = '', popup = ''] = await readmeExamples();
  await writeFile(join(project, 'readme-checkout.ts'), checkout);
  await writeFile(join(project, 'readme-popup.ts'), popup);
}, TIMEOUT_MS);

afterAll(() => rm(project, { recursive: true, force: true }));

async function readmeExamples(): Promise<string[]> {
  const readme = await readFile(join(SDK, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

test('the tarball holds the license, the README, the manifest and dist, and nothing else', () => {
  expect(packed).toEqual(['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json']);
});

test("the README's checkout has fewer than 30 lines", async () => {
  const [checkout = ''] = await readmeExamples();
  expect(checkout.trimEnd().split('\n').length).toBeLessThan(30);
});

/** The compiler's errors; empty if there are none. */
async function compile(folder: string): Promise<string> {
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [tsc, '-p', folder]).then(
    () => '',
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
}

test(
  "the samples and the README's first two examples type-check strictly, libraries too, and each mistake is a compile error",
  async () => {
    expect(await compile(project)).toBe('');
  },
  TIMEOUT_MS,
);

test(
  "the README's example for TanStack Query type-checks beside the adapter",
  async () => {
    const folder = join(project, 'tanstack');
    await mkdir(folder);
    // The repository's packages, among which this one is linked.
    await symlink(join(SDK, '../node_modules'), join(folder, 'node_modules'));
    const tanstack = (await readmeExamples()).find((code) => code.includes('@tanstack/')) ?? '';
    expect(tanstack).not.toBe('');
    await writeFile(join(folder, 'example.ts'), tanstack);
    const options = {
      extends: '../tsconfig.json',
      compilerOptions: { skipLibCheck: true, noEmit: true, rootDir: '/' },
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, include: ['example.ts'] }));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    expect(await compile(folder)).toBe('');
  },
  TIMEOUT_MS,
);

/** Imports the README's first example as compiled, with this shop's address and fakes for localStorage and location. */
async function openReadmeCheckout(url: string, token: string) {
  const storage: { checkoutKey?: string; getItem(): string } = { getItem: () => token };
  const visited: string[] = [];
  const globals = { localStorage: storage, location: { assign: (to: string) => visited.push(to) } };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  const compiled = await readFile(join(project, 'out/readme-checkout.js'), 'utf8');
  const file = join(project, 'out/readme-run.js');
  await writeFile(file, compiled.replace('https://shop.example', url));
  const { checkOut, follow }: ReadmeCheckout = await import(file);
  return { visited, storage, checkOut, follow };
}

describe('run in Node against a shop', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ worker: true });
    app.sandbox.setWebhookUrl(`${app.url}/webhooks/paystack`);
  });
  afterAll(() => app.stop());

  test("the README's checkout places one order for two presses, and a new one once that order is no longer pending", async () => {
    const shopper = await app.signUp();
    const { variantId } = await stockVariant(app.db);
    const { total } = await shopper.client.cart.addItem.mutate({ variantId, quantity: 1 });
    const { visited, storage, checkOut, follow } = await openReadmeCheckout(app.url, shopper.token);
    const messages: string[] = [];
    const press = () => checkOut(address, total, (text) => messages.push(text));

    await press();
    await press();
    const [order, ...others] = (await shopper.client.orders.list.query({})).items;
    if (!order) throw new Error('nothing was ordered');
    expect({ others, visits: visited.length, pages: new Set(visited).size, messages }).toEqual({
      others: [],
      visits: 2,
      pages: 1,
      messages: [],
    });
    const { txRef, checkoutKey } = await shopper.client.orders.get.query({ id: order.id });
    app.sandbox.pay(txRef);
    const subscription = follow(order.id, (text) => messages.push(text));
    await eventually('the confirmation', () => messages.includes(`Order ${order.code} is confirmed`));
    subscription.unsubscribe();
    expect(storage.checkoutKey).toBeUndefined();
    // Another tab may still have the key.
    storage.checkoutKey = checkoutKey;
    await press();
    expect(messages.at(-1)).toContain('takes no payment');
    expect(storage.checkoutKey).toBeUndefined();
  });

  /** A second server of the same shop, which can be restarted at the same port. */
  const startWeb = (port: number) =>
    startServer(
      { ...app.ctx.config, roles: ['web'], port },
      { log: app.ctx.log, paystackBaseUrl: app.sandbox.url, dbName: app.db.connection.name },
    );

  test(
    'every procedure responds, and orders.watch follows an order over a server restart until it is shipped',
    async () => {
      const staff = await app.signUp({ role: 'owner' });
      let web = await startWeb(0);
      const url = web.url ?? '';
      const restart = async (id: string) => {
        await web.stop();
        await staff.client.admin.ship.mutate(aParcelOf(id));
        web = await startWeb(Number(new URL(url).port));
      };
      const env = { PATH: process.env.PATH, SHOP_URL: url, STAFF_TOKEN: staff.token };
      const child = spawn(process.execPath, ['out/live.js'], {
        cwd: project,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      const statuses: string[] = [];
      try {
        for await (const line of createInterface({ input: child.stdout })) {
          const { request, status, txRef = '', id = '' }: Line = JSON.parse(line);
          if (status !== undefined) statuses.push(status);
          if (request === 'pay') app.sandbox.pay(txRef);
          if (request === 'restart') await restart(id);
        }
        expect(await ended).toBe(0);
      } finally {
        child.kill('SIGKILL');
        await web.stop();
      }
      expect([...new Set(statuses)]).toEqual(['cancelled', 'pending', 'confirmed', 'shipped']);
    },
    TIMEOUT_MS,
  );
});
