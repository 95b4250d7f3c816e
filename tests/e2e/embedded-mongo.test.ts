/** The replica set that `npm start`, `npm run demo` and the tests use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { createConnection } from 'mongoose';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { waitForJournal } from '../../dev/mongod/journal.ts';
import { findMongod } from '../../dev/mongod/mongod-binary.ts';
import { startMongod } from '../../dev/mongod/mongod-process.ts';
import { findFreePort } from '../../dev/start/ports.ts';
import { checkReplicaSet } from '../../models/db/topology.ts';
import { testMongoUri } from '../support/test-mongo.ts';

let folder: string;
let running: EmbeddedMongo[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-mongo-'));
  running = [];
});
afterEach(async () => {
  // A graceful shutdown is not needed, because the folders are deleted too.
  await Promise.all(running.flatMap(({ members }) => members.map((member) => member.kill('SIGKILL'))));
  await Promise.all(running.map((mongo) => mongo.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startEmbeddedMongo>[0]> = {}): Promise<EmbeddedMongo> {
  const mongo = await startEmbeddedMongo({ dbPath: folder, ...options });
  running.push(mongo);
  return mongo;
}

async function withClient<T>(uri: string, task: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await task(client);
  } finally {
    await client.close();
  }
}

const insertOne = (uri: string) => withClient(uri, (client) => client.db('kept').collection('notes').insertOne({}));
const countNotes = (uri: string) => withClient(uri, (client) => client.db('kept').collection('notes').countDocuments());

function firstMember(mongo: EmbeddedMongo) {
  const [member] = mongo.members;
  if (!member) throw new Error('a set has a member');
  return member;
}

/** Polls, because Node reports the exit of child processes only. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('it did not come about within 5 s');
    await delay(20);
  }
}

async function refusesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

describe('a persistent folder', () => {
  test('writes wait for the journal after each start, and where they did not before', async () => {
    const doWait = ({ uri }: EmbeddedMongo) =>
      withClient(uri, async (client) => {
        const { config } = await client.db('admin').command({ replSetGetConfig: 1 });
        return config.writeConcernMajorityJournalDefault;
      });
    const first = await start({ port: await findFreePort() });
    await waitForJournal(first.uri, false);
    expect(await doWait(first)).toBe(false);
    await firstMember(first).kill('SIGKILL');
    const second = await start({ port: firstMember(first).port });
    expect(await doWait(second)).toBe(true);
    await waitForJournal(second.uri, false);
    await waitForJournal(second.uri, true);
    expect(await doWait(second)).toBe(true);
  });

  test('a restart continues with the data, on another port too', async () => {
    const first = await start();
    await insertOne(first.uri);
    await first.stop();
    const second = await start({ port: await findFreePort() });
    expect(second.uri).not.toBe(first.uri);
    await insertOne(second.uri);
    expect(await countNotes(second.uri)).toBe(2);
  });

  test('a start after kill -9 continues with every acknowledged write', async () => {
    const first = await start();
    await insertOne(first.uri);
    await firstMember(first).kill('SIGKILL');
    const second = await start({ port: firstMember(first).port });
    expect(await countNotes(second.uri)).toBe(1);
  });

  test('a second server on the folder is rejected in one sentence, and the first keeps running', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(/^The database folder \S+ is in use by another MongoDB server: [^\n]+$/);
    await insertOne(first.uri);
  });
});

test('a port in use is rejected in one sentence', async () => {
  const port = firstMember(await start({ dbPath: 'ephemeral' })).port;
  await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken by another program`);
});

test('mongod and its temporary folder do not outlive a killed parent process', async () => {
  const script = `
    import { startEmbeddedMongo } from './dev/mongod/embedded-mongo.ts';
    const mongo = await startEmbeddedMongo({ dbPath: 'ephemeral' });
    console.log(mongo.members[0].port);
    setInterval(() => {}, 1000);
  `;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, TMPDIR: folder },
  });
  const [printed] = await once(owner.stdout, 'data');
  const port = Number(String(printed));
  const temporaryFolders = async () => (await readdir(folder)).filter((name) => name.startsWith('orders-mongo-'));
  expect(await temporaryFolders()).toHaveLength(1);
  owner.kill('SIGKILL');
  await until(() => refusesConnections(port));
  await until(async () => (await temporaryFolders()).length === 0);
});

describe('checkReplicaSet', () => {
  test('accepts a replica set, by a driver or a Mongoose connection, and returns its transaction lifetime limit', async () => {
    const { uri } = await start({ dbPath: 'ephemeral' });
    const expected = { setName: 'orders', transactionLifetimeLimitSeconds: 5 };
    expect(await withClient(uri, (client) => checkReplicaSet(client.db('any')))).toEqual(expected);
    const connection = await createConnection(uri).asPromise();
    expect(await checkReplicaSet(connection).finally(() => connection.close())).toEqual(expected);
  });

  test('rejects a standalone server and explains how to make it a replica set', async () => {
    const { path: binary } = await findMongod(() => undefined);
    const port = await findFreePort();
    const mongod = await startMongod({ binary, dbPath: folder, port, replicaSet: null, temporaryFolder: folder });
    try {
      const check = withClient(`mongodb://127.0.0.1:${port}`, (client) => checkReplicaSet(client.db('any')));
      await expect(check).rejects.toThrow(
        /standalone .* --replSet rs0 and running rs\.initiate\(\) once in mongosh\.$/,
      );
    } finally {
      mongod.kill('SIGKILL');
      await mongod.exited;
    }
  });

  test('accepts the server of this test run', async () => {
    expect(await withClient(testMongoUri(), (client) => checkReplicaSet(client.db('any')))).toBeDefined();
  });
});
