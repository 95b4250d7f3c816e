/**
 * The MongoDB server of the benchmarks: BENCH_MONGODB_URI, or the embedded one of `npm start` with a larger cache. Every
 * round has its own database.
 */
import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';

/** Larger than any round's data, as a shop's server holds more than a day's orders. */
const CACHE_BYTES = 1024 ** 3;
/** Fills and audits handle whole collections in one command. */
const SOCKET_TIMEOUT_MS = 120_000;

export interface MongoServer {
  uri: string;
  version: string;
  /** Empty for BENCH_MONGODB_URI. */
  pids: readonly number[];
  openFresh(): Promise<Database>;
  discard(db: Database): Promise<void>;
  stop(): Promise<void>;
}

export async function startMongoServer(): Promise<MongoServer> {
  const given = process.env.BENCH_MONGODB_URI;
  const embedded = given ? null : await startEmbeddedMongo({ dbPath: 'ephemeral' });
  const uri = given ?? embedded?.uri ?? '';
  const version = await prepareServer(uri, embedded !== null);
  return {
    uri,
    version,
    pids: embedded?.members.map(({ pid }) => pid) ?? [],
    async openFresh() {
      const dbName = `bench_${randomBytes(6).toString('hex')}`;
      const db = await openDatabase(uri, { dbName, socketTimeoutMs: SOCKET_TIMEOUT_MS });
      await migrate(db);
      return db;
    },
    async discard(db) {
      await db.connection.dropDatabase();
      await db.connection.close();
    },
    stop: async () => embedded?.stop(),
  };
}

async function prepareServer(uri: string, isEmbedded: boolean): Promise<string> {
  const client = await MongoClient.connect(uri);
  try {
    const admin = client.db('admin');
    const { version } = await admin.command({ buildInfo: 1 });
    const wiredTigerEngineRuntimeConfig = `cache_size=${CACHE_BYTES}`;
    if (isEmbedded) await admin.command({ setParameter: 1, wiredTigerEngineRuntimeConfig });
    return String(version);
  } finally {
    await client.close();
  }
}
