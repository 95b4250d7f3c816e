/**
 * The client as its users meet it: built, packed, installed from the tarball into an empty project, type-checked there
 * at TypeScript's strictest (libraries too), and run in Node against a shop.
 */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServer } from '../../server/process/start.ts';
import { appRouter } from '../../server/trpc/router.ts';
import { eventually } from '../support/eventually.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const run = promisify(execFile);
const SDK = join(import.meta.dirname, '../../client-sdk');
/** Half a minute alone, more beside others. */
const PATIENCE_MS = 120_000;

/** What sample/live.ts says: what it saw, or what it wishes to happen. */
interface Line {
  wish?: 'pay' | 'restart';
  status?: string;
  txRef?: string;
  id?: string;
}

/** What the README's first example exports. */
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
  // The build's own line comes before.
  const reports: { filename: string; files: { path: string }[] }[] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  const [report] = reports;
  if (!report) throw new Error('npm packed nothing');
  packed = report.files.map(({ path }) => path).sort();
  // TypeScript is a peer of tRPC's; the newest one has no compiler that its tools can use.
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
  const [checkout = ''] = await readmeExamples();
  await writeFile(join(project, 'readme-checkout.ts'), checkout);
}, PATIENCE_MS);

afterAll(() => rm(project, { recursive: true, force: true }));

async function readmeExamples(): Promise<string[]> {
  const readme = await readFile(join(SDK, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

test('the tarball holds what is published and nothing else', () => {
  expect(packed).toEqual(['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json']);
});

test("the README's checkout has fewer than 30 lines", async () => {
  const [checkout = ''] = await readmeExamples();
  expect(checkout.trimEnd().split('\n').length).toBeLessThan(30);
});

test('the sample uses every procedure', async () => {
  const sample = await readFile(join(SDK, 'sample/every-procedure.ts'), 'utf8');
  const live = await readFile(join(SDK, 'sample/live.ts'), 'utf8');
  const unused = Object.keys(appRouter._def.procedures).filter((path) => !`${sample}${live}`.includes(`.${path}.`));
  expect(unused).toEqual([]);
});

/** What the compiler says of the project; empty when it is content. */
async function compile(folder: string): Promise<string> {
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [tsc, '-p', folder]).then(
    () => '',
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
}

test(
  "everything type-checks strictly, libraries too, the README's checkout with it, and the mistakes do not",
  async () => {
    expect(await compile(project)).toBe('');
  },
  PATIENCE_MS,
);

test(
  "the README's example for TanStack Query type-checks beside the adapter",
  async () => {
    const folder = join(project, 'tanstack');
    await mkdir(folder);
    // The repository's own packages, among which this one is linked.
    await symlink(join(SDK, '../node_modules'), join(folder, 'node_modules'));
    const [, tanstack = ''] = await readmeExamples();
    await writeFile(join(folder, 'example.ts'), tanstack);
    const options = {
      extends: '../tsconfig.json',
      compilerOptions: { skipLibCheck: true, noEmit: true, rootDir: '/' },
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, include: ['example.ts'] }));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    expect(await compile(folder)).toBe('');
  },
  PATIENCE_MS,
);

/** The README's first example as it was compiled, for this shop, in a page that keeps what it is given and goes nowhere. */
async function openReadmeCheckout(url: string, token: string) {
  const kept: { checkoutKey?: string; getItem(): string } = { getItem: () => token };
  const visited: string[] = [];
  const globals = { localStorage: kept, location: { assign: (to: string) => visited.push(to) } };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  const compiled = await readFile(join(project, 'out/readme-checkout.js'), 'utf8');
  const here = join(project, 'out/readme-run.js');
  await writeFile(here, compiled.replace('https://shop.example', url));
  const { checkOut, follow }: ReadmeCheckout = await import(here);
  return { visited, kept, checkOut, follow };
}

describe('run in Node against a shop', () => {
  let world: TestApp;
  beforeAll(async () => {
    world = await startTestApp({ worker: true });
    world.sandbox.setWebhookUrl(`${world.url}/webhooks/paystack`);
  });
  afterAll(() => world.stop());

  test("the README's checkout pays once for two presses, and begins anew once its order is pending no more", async () => {
    const shopper = await world.signUp();
    const { variantId } = await stockGoods(world.db);
    const { total } = await shopper.client.cart.addItem.mutate({ variantId, quantity: 1 });
    const { visited, kept, checkOut, follow } = await openReadmeCheckout(world.url, shopper.token);
    const said: string[] = [];
    const press = () => checkOut(address, total, (text) => said.push(text));

    await press();
    await press();
    const [order, ...others] = (await shopper.client.orders.list.query({})).items;
    if (!order) throw new Error('nothing was ordered');
    expect({ others, visits: visited.length, pages: new Set(visited).size, said }).toEqual({
      others: [],
      visits: 2,
      pages: 1,
      said: [],
    });
    const { txRef, checkoutKey } = await shopper.client.orders.get.query({ id: order.id });
    world.sandbox.pay(txRef);
    const following = follow(order.id, (text) => said.push(text));
    await eventually('the confirmation', () => said.includes(`Order ${order.code} is confirmed`));
    following.unsubscribe();
    expect(kept.checkoutKey).toBeUndefined();
    // From another tab, say, that has not heard of it.
    kept.checkoutKey = checkoutKey;
    await press();
    expect(said.at(-1)).toContain('takes no payment');
    expect(kept.checkoutKey).toBeUndefined();
  });

  /** A second web process of the same shop, which can be stopped and started again at the same port. */
  const startWeb = (port: number) =>
    startServer(
      { ...world.ctx.config, roles: ['web'], port },
      { log: world.ctx.log, paystackBaseUrl: world.sandbox.url, dbName: world.db.connection.name },
    );

  test(
    'every procedure answers, and a watched order is followed over a restart to the parcel',
    async () => {
      const staff = await world.signUp({ role: 'staff' });
      let web = await startWeb(0);
      const url = web.url ?? '';
      const restart = async (id: string) => {
        await web.stop();
        await staff.client.admin.ship.mutate({ id, carrier: 'GIG', trackingNumber: '1' });
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
          const { wish, status, txRef = '', id = '' }: Line = JSON.parse(line);
          if (status !== undefined) statuses.push(status);
          if (wish === 'pay') world.sandbox.pay(txRef);
          if (wish === 'restart') await restart(id);
        }
        expect(await ended).toBe(0);
      } finally {
        child.kill('SIGKILL');
        await web.stop();
      }
      expect([...new Set(statuses)]).toEqual(['cancelled', 'pending', 'confirmed', 'shipped']);
    },
    PATIENCE_MS,
  );
});
