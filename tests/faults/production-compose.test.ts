/**
 * The services of docker-compose.yml without Docker: the image from the steps of the Dockerfile, three mongods with
 * authentication, and secrets in files. `startService` states the differences.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { findMongod } from '../../dev/mongod/mongod-binary.ts';
import { type MongodProcess, startMongod } from '../../dev/mongod/mongod-process.ts';
import { findFreePort } from '../../dev/start/ports.ts';
import { compose, interpolate, serviceOf } from '../support/compose-file.ts';
import { buildImage, type Image } from '../support/docker-image.ts';
import { eventually } from '../support/eventually.ts';
import { type Program, startNode, untilAnswers } from '../support/program.ts';
import {
  checkOut,
  expectAllConsistent,
  finishRefunds,
  orderOf,
  pay,
  refundsAtPaystack,
  startTestShop,
} from '../support/shopping.ts';

const PASSWORD = randomBytes(16).toString('hex');
const ADMIN_PASSWORD = randomBytes(16).toString('hex');

let folder: string;
let image: Image;
let members: Members;
const secretFile = (name: string) => join(folder, 'secrets', name);
const uriOf = (credentials: string, hosts = members.hosts) =>
  `mongodb://${credentials}${hosts.join(',')}/orders?replicaSet=orders`;

async function writeSecret(name: string, content: string): Promise<void> {
  await writeFile(secretFile(name), `${content}\n`, { mode: 0o400 });
}

async function writeSecrets(): Promise<void> {
  const contents = {
    mongodb_admin_password: ADMIN_PASSWORD,
    mongodb_uri: uriOf(`orders:${PASSWORD}@`),
    paystack_secret_key: `sk_live_${randomBytes(20).toString('hex')}`,
    sendgrid_api_key: 'SG.production.key',
    jwt_secret: randomBytes(32).toString('hex'),
  };
  for (const [name, content] of Object.entries(contents)) await writeSecret(name, content);
  expect((await readdir(secretFile(''))).sort()).toEqual(Object.keys(compose.secrets).sort());
}

interface Members {
  processes: MongodProcess[];
  hosts: string[];
}

async function startMembers(set: string): Promise<Members> {
  const { path: binary } = await findMongod(() => undefined);
  const keyFile = secretFile('mongodb_key');
  const ports = [await findFreePort(), await findFreePort(), await findFreePort()];
  const processes = await Promise.all(
    ports.map((port, index) => {
      const temporaryFolder = join(folder, `${set}-${index}`);
      return startMongod({ binary, dbPath: temporaryFolder, port, replicaSet: 'orders', temporaryFolder, keyFile });
    }),
  );
  return { processes, hosts: ports.map((port) => `127.0.0.1:${port}`) };
}

async function stopMembers({ processes }: Members): Promise<void> {
  for (const member of processes) member.kill('SIGKILL');
  await Promise.all(processes.map(({ exited }) => exited));
}

/** The service's command with its environment; folders of the image and of secrets are replaced by local ones. */
function startService(name: string, settings: Record<string, string> = {}): Program {
  const { command = image.command, environment = {} } = serviceOf(name);
  const here = (text: string) =>
    interpolate(text)
      .replace(/^\/run\/secrets\//, `${secretFile('')}/`)
      .replace(/^\/app\//, `${image.folder}/`);
  const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here(value)]));
  const [node, ...args] = command.map(here);
  expect(node).toBe('node');
  return startNode(args, { cwd: image.folder, env: { ...image.environment, ...env, ...settings } });
}

async function runService(
  name: string,
  settings?: Record<string, string>,
): Promise<{ code: number | null; said: string }> {
  const program = startService(name, settings);
  return { code: await program.exited, said: program.output() };
}

async function withClient<T>(uri: string, task: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  try {
    return await task(client);
  } finally {
    await client.close();
  }
}

/** Initiates the set as the service does, with an election that its preferred primary, the first member, misses. */
async function letSecondMemberWin({ processes: [first], hosts }: Members): Promise<void> {
  await withClient(`mongodb://${hosts[1]}/?directConnection=true`, async (client) => {
    const admin = client.db('admin');
    const members = hosts.map((host, _id) => ({ _id, host, priority: _id === 0 ? 2 : 1 }));
    await admin.command({ replSetInitiate: { _id: 'orders', members } });
    first?.kill('SIGSTOP');
    const won = async () => (await admin.command({ hello: 1 })).isWritablePrimary === true;
    await eventually('the second member is primary', won, 30_000).finally(() => first?.kill('SIGCONT'));
  });
}

/** The server's name of the error; null on success. */
const refusalOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => null,
    (error: { codeName?: unknown }) => error.codeName ?? error,
  );

/** The program and both apps are compiled beside the other tests of faults. */
const BUILD_MS = 300_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orders-compose-'));
  await mkdir(join(folder, 'image'));
  await mkdir(secretFile(''));
  await writeSecret('mongodb_key', randomBytes(96).toString('base64'));
  [image, members] = await Promise.all([buildImage(join(folder, 'image')), startMembers('set')]);
  await writeSecrets();
  const prepared = await runService('mongo-init');
  expect(prepared).toEqual({ code: 0, said: 'The replica set orders is ready: 3 members, user orders.\n' });
  const migrated = await runService('migrate');
  expect(migrated).toEqual({ code: 0, said: expect.stringMatching(/ready: version \d/) });
}, BUILD_MS);

afterAll(async () => {
  if (members) await stopMembers(members);
  await rm(folder, { recursive: true, force: true });
});

describe('the replica set', () => {
  test('can be prepared again, and takes over a new password of the program', async () => {
    expect((await runService('mongo-init')).code).toBe(0);
    const changed = join(folder, 'changed-uri');
    await writeFile(changed, uriOf('orders:changed@'));
    expect((await runService('mongo-init', { MONGODB_URI_FILE: changed })).code).toBe(0);
    const ping = (uri: string) => refusalOf(withClient(uri, (client) => client.db().collection('orders').findOne()));
    expect(await ping(uriOf('orders:changed@'))).toBeNull();
    expect(await ping(uriOf(`orders:${PASSWORD}@`))).toBe('AuthenticationFailed');
    expect((await runService('mongo-init')).code).toBe(0);
    expect(await ping(uriOf(`orders:${PASSWORD}@`))).toBeNull();
  });

  test('is prepared when an election has made another member primary', async () => {
    const others = await startMembers('others');
    try {
      await letSecondMemberWin(others);
      await writeFile(join(folder, 'others-uri'), uriOf('orders:others@', others.hosts));
      expect(await runService('mongo-init', { MONGODB_URI_FILE: join(folder, 'others-uri') })).toEqual({
        code: 0,
        said: 'The replica set orders is ready: 3 members, user orders.\n',
      });
    } finally {
      await stopMembers(others);
    }
  });

  test('is not prepared without the password of its administrator, and no password is printed', async () => {
    const kept = await readFile(secretFile('mongodb_admin_password'));
    await rm(secretFile('mongodb_admin_password'));
    await writeFile(secretFile('mongodb_admin_password'), 'canary');
    const { code, said } = await runService('mongo-init');
    await writeFile(secretFile('mongodb_admin_password'), kept);
    expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(/^The replica set has users.+\n$/) });
    for (const secret of ['canary', PASSWORD]) expect(said).not.toContain(secret);
  });

  test('refuses every command without credentials', async () => {
    await withClient(uriOf(''), async (client) => {
      expect(await refusalOf(client.db().collection('orders').findOne())).toBe('Unauthorized');
      expect(await refusalOf(client.db('admin').command({ createUser: 'me', pwd: 'me', roles: ['root'] }))).toBe(
        'Unauthorized',
      );
    });
  });

  test('grants the program no right that it does not need', async () => {
    await withClient(uriOf(`orders:${PASSWORD}@`), async (client) => {
      const db = client.db();
      const admin = client.db('admin');
      const attempts = {
        'another database': () => client.db('other').collection('rows').findOne(),
        'its own rights': () => admin.collection('system.users').findOne(),
        'a new user': () => db.command({ createUser: 'me', pwd: 'me', roles: [] }),
        'to drop a collection': () => db.collection('orders').drop(),
        'to drop an index': () => db.collection('variants').dropIndex('sku_1'),
        'to drop the database': () => db.dropDatabase(),
        'to rename a collection': () => db.collection('orders').rename('others'),
        'to pass over a validator': () => db.collection('orders').insertOne({}, { bypassDocumentValidation: true }),
        'to change the set': () => admin.command({ replSetStepDown: 1 }),
        'to set a parameter': () => admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 60 }),
      };
      for (const [name, attempt] of Object.entries(attempts))
        expect([name, await refusalOf(attempt())]).toEqual([name, 'Unauthorized']);
    });
  });
});

/** Like the one that SendGrid shows: the public half, as DER in base 64. */
function webhookKey(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

test('web and worker start from the image, are ready, log no warning, and serve the storefront', async () => {
  const ports = { web: await findFreePort(), webOps: await findFreePort(), ops: await findFreePort() };
  const settings = {
    PUBLIC_URL: 'https://shop.example',
    STOREFRONT_URL: 'https://shop.example',
    EMAIL_FROM: 'Shop <orders@shop.example>',
    SENDGRID_WEBHOOK_KEY: webhookKey(),
    HOST: '127.0.0.1',
    PORT: String(ports.web),
    OPS_PORT: String(ports.ops),
    DRAIN_SECONDS: '0',
  };
  const webSettings = { ...settings, OPS_PORT: String(ports.webOps) };
  const programs = { web: startService('web', webSettings), worker: startService('worker', settings) };
  try {
    const shop = `http://127.0.0.1:${ports.web}`;
    await untilAnswers(programs.web, `http://127.0.0.1:${ports.webOps}/readyz`);
    await untilAnswers(programs.worker, `http://127.0.0.1:${ports.ops}/readyz`);
    const page = await fetch(`${shop}/orders`, { headers: { accept: 'text/html' } }).then((reply) => reply.text());
    const script = /<script[^>]+src="(\/assets\/[^"]+)"/.exec(page)?.[1];
    expect((await fetch(`${shop}${script}`)).headers.get('content-type')).toMatch(/javascript/);
    expect((await fetch(`${shop}/trpc/catalog.products?input={}`)).status).toBe(200);
    programs.web.signal('SIGTERM');
    programs.worker.signal('SIGTERM');
    expect(await Promise.all([programs.web.exited, programs.worker.exited])).toEqual([0, 0]);
    const lines = `${programs.web.output()}${programs.worker.output()}`.trim().split('\n');
    expect(
      lines.map((line) => JSON.parse(line)).filter(({ level }) => !['info', 'debug', 30, 20].includes(level)),
    ).toEqual([]);
  } finally {
    for (const program of Object.values(programs)) program.signal('SIGKILL');
    await Promise.all(Object.values(programs).map(({ exited }) => exited));
  }
});

test('an order is bought, settled and refunded with the rights of the program alone', async () => {
  const shop = await startTestShop({
    env: { MONGODB_URI: uriOf(`orders:${PASSWORD}@`) },
    dbName: 'orders',
    worker: true,
  });
  try {
    const bought = await checkOut(shop);
    await pay(shop, bought.txRef);
    // The worker's jobs settle it; calls of the test would use no change stream and no job.
    await eventually('the order to be confirmed', async () => (await orderOf(shop, bought)).status === 'confirmed');
    await shop.staff.client.admin.cancel.mutate({ id: bought.orderId, restockRest: true });
    await eventually('the refund to be at Paystack', () => refundsAtPaystack(shop, bought.txRef).length === 1);
    await eventually('the money to be back', async () => {
      await finishRefunds(shop);
      return (await orderOf(shop, bought)).paymentStatus === 'refunded';
    });
    await expectAllConsistent(shop);
  } finally {
    await shop.stop();
  }
});
