/**
 * The one place that opens connections and uses sessions. Writes wait for a journalled majority; transactions read a
 * snapshot. Everything above may be killed between any two calls, so whatever must change together goes through
 * inTransaction(), and everything that goes through it may run more than once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import mongoose, { type ClientSession, type Connection, type Model } from 'mongoose';

/** How long a client waits for a server before it gives up, in ms: two heartbeats and an election fit in. */
const SERVER_WAIT_MS = 5_000;
const HEARTBEAT_MS = 2_000;
/** A transaction that takes longer holds others up; its work is retried smaller or later instead. */
const TRANSACTION_DEADLINE_MS = 3_000;
const TRANSACTION_ATTEMPTS = 8;
/** The pause between attempts, in ms: long enough for the rival's commit, short enough for a request. */
const RETRY_PAUSE_MS = { least: 5, most: 50 };
const COMMIT_ATTEMPTS = 3;

export interface ConnectOptions {
  /** Shown in the server's log and matched by failpoints in tests. */
  appName?: string;
  maxPoolSize?: number;
  dbName?: string;
  /** How long one command may stay without an answer, ms; only commands that read whole collections need more than 5 s. */
  socketTimeoutMs?: number;
}

/** Opens a connection; rejects within 5 s when no server answers. */
export async function openConnection(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    appName: options.appName ?? 'orders-module',
    maxPoolSize: options.maxPoolSize ?? 50,
    ...(options.dbName === undefined ? {} : { dbName: options.dbName }),
    writeConcern: { w: 'majority', journal: true },
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: SERVER_WAIT_MS,
    connectTimeoutMS: SERVER_WAIT_MS,
    socketTimeoutMS: options.socketTimeoutMs ?? SERVER_WAIT_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    autoIndex: false,
    autoCreate: false,
  });
  return connection.asPromise();
}

/**
 * For reads that people are shown: what a majority has, which no failover takes back. A primary by itself may tell of a
 * payment that is lost with it, and of which the next one knows nothing for seconds. Source: MongoDB manual, Read Concern.
 */
export const READ_MAJORITY = { readConcern: { level: 'majority' } } as const;

/** For writes that a failover may forget, because nothing is wrong without them: not waited for until a majority has them. */
export const WRITE_W1 = { writeConcern: { w: 1, journal: false } } as const;

/** The commit was sent and its fate is not known. The caller reads the documents again and decides from them. */
export class CommitOutcomeUnknownError extends Error {
  constructor(cause: unknown) {
    super('The outcome of a commit is unknown; read the documents again.', { cause });
    this.name = 'CommitOutcomeUnknownError';
  }
}

export interface TransactionOptions {
  /** How often the work may be run. 1 leaves the retrying to the caller. */
  attempts?: number;
  /** Counted from the first attempt, in ms; no attempt starts after it and the server ends a commit that exceeds it. */
  deadlineMs?: number;
}

/**
 * Runs `work` in one multi-document transaction: snapshot reads, majority commit. All of it happens, or none.
 * `work` may run several times: it must pass `session` to every call, one call after another, call nothing outside
 * Mongo and let every database error escape. Throws what `work` threw, the last transient error once attempts or time
 * are used up, or CommitOutcomeUnknownError.
 */
export async function inTransaction<T>(
  db: { connection: Connection },
  work: (session: ClientSession) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { attempts = TRANSACTION_ATTEMPTS, deadlineMs = TRANSACTION_DEADLINE_MS } = options;
  const deadline = performance.now() + deadlineMs;
  const session = await db.connection.startSession();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce(session, work, deadlineMs);
      } catch (error) {
        if (!isTransient(error) || attempt >= attempts || performance.now() >= deadline) throw error;
        await delay(RETRY_PAUSE_MS.least + Math.random() * (RETRY_PAUSE_MS.most - RETRY_PAUSE_MS.least));
      }
    }
  } finally {
    await session.endSession();
  }
}

async function attemptOnce<T>(
  session: ClientSession,
  work: (session: ClientSession) => Promise<T>,
  deadlineMs: number,
): Promise<T> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    maxCommitTimeMS: deadlineMs,
  });
  try {
    const result = await work(session);
    await commit(session);
    return result;
  } catch (error) {
    // Best effort: a transaction whose abort is lost is ended by the server's transactionLifetimeLimitSeconds.
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    throw error;
  }
}

/** Committing again is idempotent for the same transaction, so an unknown outcome is asked about a few times. */
async function commit(session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!hasLabel(error, 'UnknownTransactionCommitResult')) throw error;
      if (attempt >= COMMIT_ATTEMPTS) throw new CommitOutcomeUnknownError(error);
    }
  }
}

/** A pass over everything outlives the server's memory of one instant (5 min unless configured) so often at most. */
const SNAPSHOT_ATTEMPTS = 30;
const SNAPSHOT_PAUSE_MS = 100;

/**
 * Runs `read` in a snapshot session: every find and aggregate in it sees the database as of one instant, committed by a
 * majority, with no limit of a transaction's lifetime. Where the server no longer has that instant (it is too old, or an
 * index was just made), `read` is run again as of a newer one: it starts over, or carries on from where it had come.
 * Source: MongoDB manual, "Read Concern snapshot", outside of multi-document transactions.
 */
export async function inSnapshot<T>(
  db: { connection: Connection },
  read: (session: ClientSession) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await db.connection.startSession({ snapshot: true });
    try {
      return await read(session);
    } catch (error) {
      if (!isSnapshotGone(error) || attempt >= SNAPSHOT_ATTEMPTS) throw error;
    } finally {
      await session.endSession();
    }
    await delay(SNAPSHOT_PAUSE_MS);
  }
}

const SNAPSHOT_TOO_OLD = 239;
const SNAPSHOT_UNAVAILABLE = 246;

function isSnapshotGone(error: unknown): boolean {
  const code = error instanceof mongoose.mongo.MongoServerError ? error.code : undefined;
  return code === SNAPSHOT_TOO_OLD || code === SNAPSHOT_UNAVAILABLE;
}

function hasLabel(error: unknown, label: string): boolean {
  return error instanceof mongoose.mongo.MongoError && error.hasErrorLabel(label);
}

/** True for errors after which the same transaction may simply be run again: write conflicts, elections, cut connections. */
export function isTransient(error: unknown): boolean {
  return hasLabel(error, 'TransientTransactionError');
}

const WRITE_CONFLICT = 112;

/** True when another writer was first; says nothing about the health of the server. */
export function isWriteConflict(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === WRITE_CONFLICT;
}

const DUPLICATE_KEY = 11_000;

/** True for a violated unique index, of the given field or index key where one is named. */
export function isDuplicateKey(error: unknown, key?: string): boolean {
  if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  const pattern: unknown = error.keyPattern;
  return key === undefined || (typeof pattern === 'object' && pattern !== null && key in pattern);
}

/** True for errors of the network, of an election or of a commit whose fate is unknown: nobody's document is at fault. */
export function isInfrastructure(error: unknown): boolean {
  if (error instanceof CommitOutcomeUnknownError) return true;
  if (isWriteConflict(error)) return false;
  const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError } = mongoose.mongo;
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    isTransient(error) ||
    hasLabel(error, 'RetryableWriteError') ||
    isSocketError(error)
  );
}

/** The driver lets the error of a socket that died while it waited to drain escape unwrapped (cmap/connection.ts). */
function isSocketError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ECONNRESET';
}

const driverCollections = new WeakMap<object, mongoose.mongo.Collection>();

/** The driver's own collection behind a model, for reads and writes whose casting would cost as much as they do. */
export function driverCollection<T extends object>(model: Model<T>): mongoose.mongo.Collection<T> {
  const { collection, db } = model;
  const made = driverCollections.get(collection) ?? db.getClient().db(db.name).collection(collection.name);
  // Kept, because resolving a client's options anew for each command is a fortieth of what a purchase costs the processor.
  driverCollections.set(collection, made);
  // A model has one collection, of its own documents.
  return made as unknown as mongoose.mongo.Collection<T>;
}
