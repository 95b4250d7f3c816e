/**
 * Transactions and snapshot reads. A process may be killed between any two calls, so changes that belong together go
 * through inTransaction(). Its callback may run more than once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Connection } from 'mongoose';
import { DEADLINES } from '../deadlines.ts';
import { CommitOutcomeUnknownError, hasLabel, isSnapshotGone, isTransient } from './mongo-errors.ts';

const TRANSACTION_ATTEMPTS = 8;
/** The pause between attempts, in ms: long enough for the other writer's commit, short enough for a request. */
const RETRY_PAUSE_MS = { least: 5, most: 50 };
const COMMIT_ATTEMPTS = 3;

export interface TransactionOptions {
  /** How often the work may run. 1 leaves retries to the caller. */
  attempts?: number;
  /** Counted from the first attempt, in ms; no attempt starts after it and the server ends a commit that exceeds it. */
  deadlineMs?: number;
}

/**
 * Runs `work` in one multi-document transaction: snapshot reads, majority commit.
 * `work` may run several times. It must pass `session` to every call, one call after another, and call nothing outside
 * MongoDB. It must let every database error escape. Throws the error of `work`, the last transient error once attempts or
 * time are used up, or CommitOutcomeUnknownError.
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

/** A repeated commit of the same transaction is idempotent, so an unknown outcome is resolved by committing again. */
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

/** Each attempt may read for minSnapshotHistoryWindowInSeconds (5 min by default), so these cover 2.5 h. */
const SNAPSHOT_ATTEMPTS = 30;
const SNAPSHOT_PAUSE_MS = 100;

/**
 * Runs `read` in a snapshot session: every find and aggregate in it sees the majority-committed data of one instant.
 * Unlike a transaction it has no limit of its lifetime. When the server no longer has the snapshot (it is too old, or an
 * index was just created), `read` runs again on a newer one. It may start over or resume where it was.
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
