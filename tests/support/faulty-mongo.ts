/**
 * A replica set of a test file's own, for faults that a mongod can be told to have. The server has one failpoint for all who
 * use it, so files that share a server would switch each other's off.
 */
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';

/** Commands of connections under this name fail; others, such as the test's own looks, do not. */
export const VICTIM = 'victim';

export interface CommandFault {
  failCommands: string[];
  /** `database.collection`: commands on others go on as usual. */
  namespace?: string;
  errorCode?: number;
  closeConnection?: true;
  writeConcernError?: { code: number; errmsg: string };
  blockConnection?: true;
  blockTimeMS?: number;
}

export interface FaultyMongo {
  uri: string;
  /** A database whose connection is the victim. Migrated; closed by stop(). */
  openVictim(dbName: string): Promise<Database>;
  /** From now on these commands fail so often; until told otherwise when `times` is missing. */
  fail(fault: CommandFault, times?: number): Promise<void>;
  /** Nothing fails any more. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFaultyMongo(): Promise<FaultyMongo> {
  const mongo = await startEmbeddedMongo({ dbPath: 'in memory' });
  const client = await MongoClient.connect(mongo.uri);
  const opened: Database[] = [];
  const command = (mode: unknown, data?: object) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, ...(data === undefined ? {} : { data }) });
  return {
    uri: mongo.uri,
    async openVictim(dbName) {
      const db = await openDatabase(mongo.uri, { dbName, appName: VICTIM });
      opened.push(db);
      await migrate(db);
      return db;
    },
    async fail(fault, times) {
      await command(times === undefined ? 'alwaysOn' : { times }, { ...fault, appName: VICTIM });
    },
    async heal() {
      await command('off');
    },
    async stop() {
      await command('off');
      await Promise.all(opened.map(({ connection }) => connection.close()));
      await client.close();
      await mongo.stop();
    },
  };
}
