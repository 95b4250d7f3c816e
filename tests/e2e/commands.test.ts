import { execFile } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createUser } from '../../models/accounts/create-user.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { findMissingIndexes } from '../../models/db/migrations/indexes-and-validators.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { SCHEMA_VERSION } from '../../models/db/migrations/schema-version.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

let db: Database;
let uri: string;

beforeEach(async () => {
  const named = new URL(testMongoUri());
  named.pathname = `/${uniqueDatabaseName()}`;
  uri = String(named);
  db = await openDatabase(uri);
});
afterEach(() => db.connection.close());

/** Runs a command in its own process, configured by environment variables alone. */
function command(name: string, env: Record<string, string>, args: string[] = []) {
  const { PATH = '' } = process.env;
  const argv = ['node_modules/tsx/dist/cli.mjs', `server/commands/${name}.ts`, ...args];
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, argv, { env: { PATH, ...env } }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

test('the command staff gives roles, lists them and ends sessions, and says what it did or could not do', async () => {
  await migrate(db);
  await createUser(db, { email: 'ngozi@example.com', name: 'Ngozi' }, new Date());
  const userOf = () => db.users.findOne({ email: 'ngozi@example.com' }).lean();
  const staff = (...args: string[]) => command('staff', { MONGODB_URI: uri }, args);
  expect(await staff('add', ' Ngozi@Example.com', '--role', 'owner')).toEqual({
    ...{ exitCode: 0, stderr: '' },
    stdout: 'ngozi@example.com is an owner from now on.\n',
  });
  expect((await userOf())?.role).toBe('owner');
  const [listed, last, unknown, unclear, noRole] = await Promise.all([
    staff('list'),
    staff('remove', 'ngozi@example.com'),
    staff('add', 'nobody@example.com', '--role', 'packer'),
    staff('promote'),
    staff('role', 'ngozi@example.com', 'king'),
  ]);
  expect(listed).toMatchObject({ exitCode: 0, stdout: 'owner    ngozi@example.com  Ngozi\n' });
  expect(last).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is the only owner') });
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nobody@example.com') });
  expect(unclear).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('npm run staff -- add EMAIL --role ROLE'),
  });
  expect(noRole).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('“king” is no role') });
  await createUser(db, { email: 'bola@example.com', name: 'Bola', role: 'owner' }, new Date());
  expect(await staff('role', 'ngozi@example.com', 'support')).toMatchObject({
    ...{ exitCode: 0, stdout: 'ngozi@example.com is in support from now on.\n' },
  });
  expect(await staff('end-sessions', 'ngozi@example.com')).toMatchObject({ exitCode: 0 });
  expect((await userOf())?.sessionsFrom).toBeInstanceOf(Date);
  expect(await staff('remove', 'ngozi@example.com')).toMatchObject({ exitCode: 0 });
  expect((await userOf())?.role).toBe('customer');
});

test('the commands migrate and audit run as separate processes, one after the other', async () => {
  expect(await command('migrate', { MONGODB_URI: uri })).toMatchObject({
    exitCode: 0,
    stdout: `The database is ready: version ${SCHEMA_VERSION}.\n`,
  });
  expect(await findMissingIndexes(db)).toEqual([]);
  const { exitCode, stdout } = await command('audit', { MONGODB_URI: uri });
  expect(stdout).toContain('No check found a violation');
  expect(exitCode).toBe(0);
});

test('the command search writes the search rows of all orders, and refuses other words', async () => {
  await migrate(db);
  const [rebuilt, unclear] = await Promise.all([
    command('search', { MONGODB_URI: uri }, ['rebuild']),
    command('search', { MONGODB_URI: uri }, ['drop']),
  ]);
  expect(rebuilt).toMatchObject({ exitCode: 0, stdout: '0 orders checked, 0 rows written.\n0 products written.\n' });
  expect(unclear).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('npm run search -- rebuild') });
});

test('the commands name missing settings and exit 2', async () => {
  const [migration, audit] = await Promise.all([command('migrate', {}), command('audit', {})]);
  for (const { exitCode, stderr } of [migration, audit]) {
    expect(stderr).toContain('MONGODB_URI is missing');
    expect(exitCode).toBe(2);
  }
});
