/** The built program in dist/, configured only by its environment. */
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findMongod } from '../../dev/mongod/mongod-binary.ts';
import { startMongod } from '../../dev/mongod/mongod-process.ts';
import { findFreePort } from '../../dev/start/ports.ts';
import { openDatabase } from '../../models/db/database.ts';
import { CONFIG_VARIABLES } from '../../server/config/config.ts';
import { buildProgram, startProgram, untilAnswers } from '../support/program.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

let good: Record<string, string>;
let dbName: string;
beforeAll(async () => {
  await buildProgram();
  dbName = uniqueDatabaseName();
  good = {
    MONGODB_URI: testMongoUri().replace('/?', `/${dbName}?`),
    PAYSTACK_SECRET_KEY: 'sk_live_0123456789abcdef0123456789abcdef01234567',
    SENDGRID_API_KEY: 'SG.production.key',
    EMAIL_FROM: 'Shop <orders@shop.example>',
    JWT_SECRET: 'a secret of thirty-two bytes and more',
    PUBLIC_URL: 'https://api.shop.example',
    STOREFRONT_URL: 'https://shop.example',
    HOST: '127.0.0.1',
  };
}, 120_000);

async function startAndEnd(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const program = startProgram('server/main.js', env);
  const code = await program.exited;
  return { code, said: program.output() };
}

const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

describe('production refuses to start, and says why,', () => {
  test('without any configuration: it lists every missing variable with its purpose', async () => {
    const { code, said } = await startAndEnd({});
    expect(code).toBe(1);
    for (const name of [
      'MONGODB_URI',
      'PAYSTACK_SECRET_KEY',
      'SENDGRID_API_KEY',
      'EMAIL_FROM',
      'JWT_SECRET',
      'PUBLIC_URL',
    ])
      expect(said).toMatch(new RegExp(`^ {2}${name} .+\\(.+\\)$`, 'm'));
  });

  test.each([
    [
      'a test key of Paystack',
      () => ({ ...good, PAYSTACK_SECRET_KEY: 'sk_test_canary' }),
      /PAYSTACK_SECRET_KEY is a test key/,
    ],
    ['no key of Paystack', () => without('PAYSTACK_SECRET_KEY'), /PAYSTACK_SECRET_KEY is missing/],
    [
      'a misspelt name for the key of SendGrid',
      () => ({ ...without('SENDGRID_API_KEY'), SENDGRID_KEY: 'SG.canary' }),
      /SENDGRID_API_KEY is missing[\s\S]+SENDGRID_KEY is set.+Is SENDGRID_API_KEY meant\?/,
    ],
    [
      'a host of another than SendGrid for emails',
      () => ({ ...good, SENDGRID_BASE_URL: 'http://127.0.0.1:3003' }),
      /SENDGRID_BASE_URL must be https:\/\/api.sendgrid.com or/,
    ],
    ['no MONGODB_URI', () => without('MONGODB_URI'), /MONGODB_URI is missing/],
    ['a short secret for tokens', () => ({ ...good, JWT_SECRET: 'canary' }), /JWT_SECRET must be at least 32 bytes/],
    [
      'an address that is not https',
      () => ({ ...good, PUBLIC_URL: 'http://x.example' }),
      /PUBLIC_URL must be an https/,
    ],
  ])('with %s', async (_, env, reason) => {
    const { code, said } = await startAndEnd(env());
    expect(code).toBe(1);
    expect(said).toMatch(reason);
    expect(said).not.toMatch(/canary|\n\s+at /);
  });

  test('with a standalone server', async () => {
    const temporaryFolder = await mkdtemp(join(tmpdir(), 'orders-standalone-'));
    const { path: binary } = await findMongod(() => undefined);
    const port = await findFreePort();
    const mongod = await startMongod({ binary, dbPath: temporaryFolder, port, replicaSet: null, temporaryFolder });
    try {
      const { code, said } = await startAndEnd({ ...good, MONGODB_URI: `mongodb://127.0.0.1:${port}/orders` });
      expect(code).toBe(1);
      expect(said).toMatch(/is a standalone one.+--replSet/);
    } finally {
      mongod.kill('SIGKILL');
      await mongod.exited;
    }
  });

  test('with a database that was never prepared, or that has lost a unique index', async () => {
    const unprepared = await startAndEnd(good);
    expect([unprepared.code, unprepared.said]).toEqual([1, expect.stringMatching(/npm run migrate/)]);
    const migration = startProgram('server/commands/migrate.js', good);
    expect([await migration.exited, migration.output()]).toEqual([0, expect.stringMatching(/ready: version \d/)]);
    const db = await openDatabase(testMongoUri(), { dbName });
    await db.variants.collection.dropIndex('sku_1');
    const damaged = await startAndEnd(good);
    expect([damaged.code, damaged.said]).toEqual([1, expect.stringMatching(/lacks the indexes variants\.\{"sku":1\}/)]);
    await db.variants.createIndexes();
    await db.connection.close();
  });
});

test('no fake provider is built, and no variable points to one', async () => {
  expect(existsSync('dist/server/main.js')).toBe(true);
  expect(existsSync('dist/dev')).toBe(false);
  const names = CONFIG_VARIABLES.map(({ name }) => name);
  // It takes SendGrid's own hosts alone.
  expect(names.filter((name) => /BASE|SANDBOX|MAILBOX|STAND_IN/.test(name))).toEqual(['SENDGRID_BASE_URL']);
});

describe('a good configuration', () => {
  let ports: { web: number; ops: number };
  beforeAll(async () => {
    const migration = startProgram('server/commands/migrate.js', good);
    await migration.exited;
    ports = { web: await findFreePort(), ops: await findFreePort() };
  });

  test('starts both roles, which are ready, log JSON without secrets, and exit with 0 on SIGTERM', async () => {
    const env = { ...good, PORT: String(ports.web), OPS_PORT: String(ports.ops), DRAIN_SECONDS: '0' };
    const webOps = await findFreePort();
    const web = startProgram('server/main.js', { ...env, OPS_PORT: String(webOps), ROLES: 'web', CALLS_PER_MIN: '9' });
    const worker = startProgram('server/main.js', { ...env, ROLES: 'worker' });
    try {
      await untilAnswers(web, `http://127.0.0.1:${webOps}/readyz`);
      await untilAnswers(worker, `http://127.0.0.1:${ports.ops}/readyz`);
      expect(web.output()).toContain('Is CALLS_PER_MINUTE meant?');
      const reply = await fetch(`http://127.0.0.1:${ports.web}/trpc/catalog.products?input={}`);
      expect(reply.status).toBe(200);
      expect(reply.headers.get('strict-transport-security')).toMatch(/max-age=31536000/);
      web.signal('SIGTERM');
      worker.signal('SIGTERM');
      expect(await Promise.all([web.exited, worker.exited])).toEqual([0, 0]);
      for (const line of `${web.output()}${worker.output()}`.trim().split('\n')) JSON.parse(line);
      for (const secret of [good.PAYSTACK_SECRET_KEY, good.SENDGRID_API_KEY, good.JWT_SECRET, 'mongodb://'])
        expect(web.output() + worker.output()).not.toContain(secret);
    } finally {
      web.signal('SIGKILL');
      worker.signal('SIGKILL');
      await Promise.all([web.exited, worker.exited]);
    }
  });

  test('on a port that is taken is refused in one sentence', async () => {
    const env = { ...good, PORT: String(ports.web), OPS_PORT: String(ports.ops), ROLES: 'web' };
    const first = startProgram('server/main.js', env);
    try {
      await untilAnswers(first, `http://127.0.0.1:${ports.ops}/livez`);
      const { code, said } = await startAndEnd({ ...env, OPS_PORT: '0' });
      expect([code, said]).toEqual([1, expect.stringMatching(/^Cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)/m)]);
    } finally {
      first.signal('SIGKILL');
      await first.exited;
    }
  });
});

afterAll(async () => {
  const db = await openDatabase(testMongoUri(), { dbName });
  await db.connection.dropDatabase();
  await db.connection.close();
});
