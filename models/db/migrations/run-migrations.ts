/**
 * Runs the migrations that the database has not finished, one process at a time by a lease. The lease only saves work:
 * each batch commits together with the position that it began at, so a paused holder cannot repeat one.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DEADLINES } from '../../deadlines.ts';
import { driverCollection } from '../connection.ts';
import type { Database } from '../database.ts';
import { releaseLease, takeLease } from '../lease.ts';
import { isInfrastructure, isTransient } from '../mongo-errors.ts';
import { inTransaction } from '../transaction.ts';
import type { BatchWork, Migration, MigrationProgress } from './migration.ts';
import type { MigrationPosition } from './migration-document.ts';
import { MIGRATIONS } from './migrations.ts';
import { NotMigratedError } from './schema-version.ts';

const LEASE = 'migrations';
const LEASE_POLL_MS = 200;
/** Covers a failover, and the open transaction of a process that was killed: the server's default keeps it for 60 s. */
const BATCH_PATIENCE_MS = 120_000;
const BATCH_RETRY_MS = 250;

export interface MigrationOptions {
  migrations?: readonly Migration[];
  /** Longer than a batch takes. */
  leaseMs?: number;
}

/** Resolves, once all have finished, with the names of those that this call finished. May be repeated and raced. */
export async function runMigrations(db: Database, options: MigrationOptions = {}): Promise<string[]> {
  const { migrations = MIGRATIONS, leaseMs = DEADLINES.migrationLease } = options;
  const holder = randomUUID();
  const takeOurLease = () => takeLease(db, LEASE, holder, leaseMs);
  const finished: string[] = [];
  for (;;) {
    const [next] = await findPending(db, migrations);
    if (next === undefined) return finished;
    if (!(await takeOurLease())) {
      await delay(LEASE_POLL_MS);
      continue;
    }
    try {
      if (await runMigration(db, next, takeOurLease)) finished.push(next.name);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
    } finally {
      await releaseLease(db, LEASE, holder).catch(() => undefined);
    }
  }
}

/** In a new database there is nothing to migrate. May be repeated and raced. */
export async function recordAsFinished(db: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const writes = migrations.map(({ name }) => ({
    updateOne: {
      filter: { _id: name },
      update: [
        {
          $set: {
            startedAt: { $ifNull: ['$startedAt', '$$NOW'] },
            batches: { $ifNull: ['$batches', 0] },
            finishedAt: { $ifNull: ['$finishedAt', '$$NOW'] },
          },
        },
      ],
      upsert: true,
    },
  }));
  if (writes.length > 0) await driverCollection(db.migrations).bulkWrite(writes, { ordered: false });
}

/** Throws NotMigratedError, naming the migrations that have not finished. */
export async function assertMigrationsFinished(db: Database): Promise<void> {
  const pending = (await findPending(db, MIGRATIONS)).map(({ name }) => name);
  if (pending.length > 0) throw new NotMigratedError(`The database lacks the migrations ${pending.join(', ')}`);
}

async function findPending(db: Database, migrations: readonly Migration[]): Promise<Migration[]> {
  const names = migrations.map(({ name }) => name);
  const records = await driverCollection(db.migrations)
    .find({ _id: { $in: names }, finishedAt: { $exists: true } }, { projection: { _id: 1 } })
    .toArray();
  const finished = new Set(records.map(({ _id }) => _id));
  return migrations.filter(({ name }) => !finished.has(name));
}

/** Another process has the lease, or has finished the migration. */
class LeaseLostError extends Error {}

/** True if this call recorded its end. */
async function runMigration(db: Database, migration: Migration, keepLease: () => Promise<boolean>): Promise<boolean> {
  const records = driverCollection(db.migrations);
  const { name } = migration;
  const begun = { startedAt: { $ifNull: ['$startedAt', '$$NOW'] }, batches: { $ifNull: ['$batches', 0] } };
  await records.updateOne({ _id: name }, [{ $set: begun }], { upsert: true });
  await migration.up(db, progressOf(db, name, keepLease));
  const unfinished = { _id: name, finishedAt: { $exists: false } };
  const { modifiedCount } = await records.updateOne(unfinished, [{ $set: { finishedAt: '$$NOW' } }]);
  return modifiedCount === 1;
}

function progressOf(db: Database, name: string, keepLease: () => Promise<boolean>): MigrationProgress {
  return {
    async forEachBatch(work) {
      let isLast = false;
      while (!isLast) isLast = await withPatience(() => runBatch(db, name, work), keepLease);
    },
  };
}

/** Repeats the batch after errors that no document caused. Throws LeaseLostError. */
async function withPatience(batch: () => Promise<boolean>, keepLease: () => Promise<boolean>): Promise<boolean> {
  const giveUpAt = performance.now() + BATCH_PATIENCE_MS;
  for (;;) {
    try {
      if (!(await keepLease())) throw new LeaseLostError();
      return await batch();
    } catch (error) {
      const mayPass = isTransient(error) || isInfrastructure(error);
      if (!mayPass || performance.now() > giveUpAt) throw error;
      await delay(BATCH_RETRY_MS);
    }
  }
}

/** True for the last batch. */
async function runBatch<Position extends MigrationPosition>(
  db: Database,
  name: string,
  work: BatchWork<Position>,
): Promise<boolean> {
  const records = driverCollection(db.migrations);
  return inTransaction(db, async (session) => {
    // The first write: of two processes at the same position, one has a write conflict and then reads the new position.
    const record = await records.findOneAndUpdate(
      { _id: name, finishedAt: { $exists: false } },
      { $inc: { batches: 1 } },
      { session, returnDocument: 'after' },
    );
    if (record === null) throw new LeaseLostError();
    const end = await work((record.position as Position | undefined) ?? null, session);
    if (end !== null) await records.updateOne({ _id: name }, { $set: { position: end } }, { session });
    return end === null;
  });
}
