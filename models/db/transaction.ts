/**
 * Transactions and snapshot reads. A process may be killed between any two calls, so whatever must change together goes
 * through inTransaction(), and everything that goes through it may run more than once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Connection } from 'mongoose';
import { DEADLINES } from '../deadlines.ts';
import { CommitOutcomeUnknownError, hasLabel, isSnapshotGone, isTransient } from './mongo-errors.ts';

const TRANSACTION_ATTEMPTS = 8;
/** The pause between attempts, in ms: long enough for the rival's commit, short enough for a request. */
const RETRY_PAUSE_MS = { least: 5, most: 50 };
const COMMIT_ATTEMPTS = 3;

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
  const { attempts = TRANSACTION_ATTEMPTS, deadlineMs = DEADLINES.transaction } = options;
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
