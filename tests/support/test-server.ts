/**
 * The run's replica set: MONGODB_URI if set, else an ephemeral one. It is on globalThis, because Jest's global set-up
 * and teardown share only the process. Test files read it through test-mongo.ts.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { StartError } from '../../dev/start/start-error.ts';
import { checkReplicaSet } from '../../models/db/topology.ts';
import { folderOfFreeNames } from './test-mongo.ts';

interface TestServer {
  uri: string;
  /** The prefix of each database of this run. */
  prefix: string;
  stop(): Promise<void>;
}

declare global {
  var ordersTestServer: TestServer | undefined;
}

/** Starts or adopts the server. A second call in one process returns the same server. */
export async function openTestServer(): Promise<TestServer> {
  if (globalThis.ordersTestServer) return globalThis.ordersTestServer;
  const prefix = `orders-test-${randomBytes(4).toString('hex')}-`;
  const given = process.env.MONGODB_URI;
  if (given) {
    await withClient(given, (client) => checkReplicaSet(client.db('admin')));
    globalThis.ordersTestServer = { uri: given, prefix, stop: () => dropDatabases(given, prefix) };
  } else {
    const { uri, stop } = await startEmbeddedMongo({ dbPath: 'in memory', log: console.log });
    globalThis.ordersTestServer = { uri, prefix, stop };
  }
  return globalThis.ordersTestServer;
}

/** Stops an ephemeral server, or drops the run's databases on an adopted one. May be repeated. */
export async function closeTestServer(): Promise<void> {
  const server = globalThis.ordersTestServer;
  globalThis.ordersTestServer = undefined;
  if (server !== undefined) await rm(folderOfFreeNames(server.prefix), { recursive: true, force: true });
  await server?.stop();
}

function dropDatabases(uri: string, prefix: string): Promise<void> {
  return withClient(uri, async (client) => {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (name.startsWith(prefix)) await client.db(name).dropDatabase();
  });
}

async function withClient<T>(uri: string, task: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    await client.connect().catch((cause: unknown) => {
      throw new StartError('The MongoDB replica set at MONGODB_URI could not be reached.', { cause });
    });
    return await task(client);
  } finally {
    await client.close();
  }
}
