/**
 * A replica set for one test file, so that it can set failpoints. A failpoint is global to its server, so files that
 * share a server would switch each other's off.
 */
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';

/** The failpoint applies to connections with this name. The test's own connection has another. */
export const VICTIM = 'victim';

export interface CommandFault {
  failCommands: string[];
  /** `database.collection`; commands on other collections do not fail. */
  namespace?: string;
  errorCode?: number;
  closeConnection?: true;
  writeConcernError?: { code: number; errmsg: string };
  blockConnection?: true;
  blockTimeMS?: number;
}

export interface FaultyMongo {
  uri: string;
  /** A migrated database whose connection the failpoint applies to. stop() closes it. */
  openVictim(dbName: string): Promise<Database>;
  /** These commands fail `times` times from now on; without `times`, until the next call. */
  fail(fault: CommandFault, times?: number): Promise<void>;
  /** Switches the failpoint off. */
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
