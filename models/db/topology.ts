/**
 * Transactions and change streams exist only on a replica set or a sharded cluster, so the start refuses any other
 * server.
 */
import type { Db } from 'mongodb';
import type { Connection } from 'mongoose';

/** The server cannot be used; `message` is for the operator and says how to repair it. */
export class UnsuitableServerError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UnsuitableServerError';
  }
}

export interface Topology {
  /** Of the replica set; null behind a mongos. */
  setName: string | null;
  /**
   * How long an abandoned transaction blocks others, in seconds. MongoDB's default is 60; 5 is recommended here.
   * Null when the server does not show it, as managed clusters and mongos may.
   */
  transactionLifetimeLimitSeconds: number | null;
}

/**
 * Throws UnsuitableServerError for a standalone mongod. Takes an open connection, reads only, may be repeated.
 * A replica set without a primary passes, because an election ends that.
 */
export async function checkReplicaSet(connection: Connection | Db): Promise<Topology> {
  const db = 'command' in connection ? connection : connection.db;
  if (!db) throw new Error('checkReplicaSet needs a connection that is open');
  const hello = await db.command({ hello: 1 });
  const setName = typeof hello.setName === 'string' ? hello.setName : null;
  if (setName === null && hello.msg !== 'isdbgrid')
    throw new UnsuitableServerError(refusal(hello.isreplicaset === true));
  return { setName, transactionLifetimeLimitSeconds: await readTransactionLifetime(db) };
}

/** `hello` answers isreplicaset on a mongod that was started with --replSet and never initiated. */
function refusal(awaitsInitiate: boolean): string {
  return awaitsInitiate
    ? 'The MongoDB server at MONGODB_URI belongs to a replica set that was never initiated: run rs.initiate() once in mongosh.'
    : 'The MongoDB server at MONGODB_URI is a standalone one, which has no transactions: make it a replica set by ' +
        'starting mongod with --replSet rs0 and running rs.initiate() once in mongosh.';
}

async function readTransactionLifetime(db: Db): Promise<number | null> {
  const parameter = 'transactionLifetimeLimitSeconds';
  try {
    // A Db of the same client, because a Mongoose connection's own database is not admin.
    const answer = await db.client.db('admin').command({ getParameter: 1, [parameter]: 1 });
    const seconds: unknown = answer[parameter];
    return typeof seconds === 'number' ? seconds : null;
  } catch {
    // Not authorized, or an unknown parameter: the caller warns that it could not be checked.
    return null;
  }
}
