/**
 * Migrations of stored documents: each batch takes effect once, and the end is recorded once. This holds for runs that are
 * stopped at any batch, and for several processes at once.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { takeLease } from '../../models/db/lease.ts';
import { touchOrders } from '../../models/db/migrations/2026-11-28-touch-orders.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import type { BatchWork, Migration } from '../../models/db/migrations/migration.ts';
import type { MigrationPosition } from '../../models/db/migrations/migration-document.ts';
import { MIGRATIONS } from '../../models/db/migrations/migrations.ts';
import { assertMigrationsFinished, runMigrations } from '../../models/db/migrations/run-migrations.ts';
import { changeOrder } from '../../models/order/change-order.ts';
import { ORDER_SHAPE } from '../../models/order/shape.ts';
import { anOrder } from '../support/an-order.ts';
import { openOwnDatabase } from '../support/orders.ts';

/** Two full batches and a part of one. */
const ORDERS = 1_203;
const BATCHES = 4;

let db: Database;
beforeEach(async () => {
  db = await openOwnDatabase();
});
afterEach(() => db.connection.close());

const versionOf = (index: number) => 4 + (index % 3);
const allOrders = () =>
  driverCollection(db.orders)
    .find({}, { sort: { _id: 1 } })
    .toArray();

/** A database with orders of several versions that no migration has seen. */
async function fillBeforeMigration(count = ORDERS): Promise<void> {
  const sample = anOrder();
  const orders = Array.from({ length: count }, (_, index) => {
    const reference = `ord-M${index}-1`;
    const payments = sample.payments.map((attempt) => ({ ...attempt, reference }));
    return { ...sample, _id: new Types.ObjectId(), checkoutKey: `key-${index}`, payments, version: versionOf(index) };
  });
  await driverCollection(db.orders).insertMany(orders);
  await driverCollection(db.migrations).deleteMany({});
}

/** Every order has risen by one version and is otherwise as before. */
async function expectTouchedOnce(before: Awaited<ReturnType<typeof allOrders>>): Promise<void> {
  expect(await allOrders()).toEqual(before.map((order) => ({ ...order, version: order.version + 1 })));
  expect(await driverCollection(db.migrations).find({}).toArray()).toEqual([
    {
      _id: touchOrders.name,
      startedAt: expect.any(Date),
      finishedAt: expect.any(Date),
      batches: BATCHES,
      position: before.at(-1)?._id,
    },
  ]);
}

test('a migration that is stopped in and after each batch goes on where it was, and touches every order once', async () => {
  await fillBeforeMigration();
  const before = await allOrders();
  const stop = new Error('stopped here');
  /** Stops in the first batch that it begins, or after the first that is committed. */
  const stopping = (where: 'in' | 'after'): Migration => ({
    ...touchOrders,
    up: (database, progress) =>
      touchOrders.up(database, {
        forEachBatch: <P extends MigrationPosition>(work: BatchWork<P>) => {
          let first: string | undefined;
          return progress.forEachBatch<P>(async (after, session) => {
            // A repeated batch begins where it began before.
            first ??= String(after);
            if (where === 'after' && String(after) !== first) throw stop;
            const end = await work(after, session);
            if (where === 'in') throw stop;
            return end;
          });
        },
      }),
  });
  for (let batch = 1; batch < BATCHES; batch += 1) {
    await expect(runMigrations(db, { migrations: [stopping('in')] })).rejects.toBe(stop);
    await expect(runMigrations(db, { migrations: [stopping('after')] })).rejects.toBe(stop);
    expect((await driverCollection(db.migrations).findOne({}))?.batches).toBe(batch);
    expect(await driverCollection(db.migrations).countDocuments({ finishedAt: { $exists: true } })).toBe(0);
  }
  expect(await runMigrations(db)).toEqual([touchOrders.name]);
  await expectTouchedOnce(before);
  expect(await runMigrations(db)).toEqual([]);
  await expectTouchedOnce(before);
});

test('of two processes at once one runs the migration, and the other waits for its end', async () => {
  await fillBeforeMigration();
  const before = await allOrders();
  const finished = await Promise.all([runMigrations(db), runMigrations(db)]);
  expect(finished.flat()).toEqual([touchOrders.name]);
  await expectTouchedOnce(before);
});

test('two processes that both believe to have the lease apply each batch once', async () => {
  await fillBeforeMigration();
  const before = await allOrders();
  // The lease ends at once, so each takes it from the other between two batches.
  const finished = await Promise.all([1, 2, 3].map(() => runMigrations(db, { leaseMs: 1 })));
  expect(finished.flat()).toEqual([touchOrders.name]);
  expect(await allOrders()).toEqual(before.map((order) => ({ ...order, version: order.version + 1 })));
});

test('a process that was paused while another finished the migration changes nothing', async () => {
  await fillBeforeMigration(3);
  const before = await allOrders();
  const paused: Migration = {
    ...touchOrders,
    up: async (database, progress) => {
      await database.leases.deleteMany({});
      expect(await runMigrations(database)).toEqual([touchOrders.name]);
      return touchOrders.up(database, progress);
    },
  };
  expect(await runMigrations(db, { migrations: [paused] })).toEqual([]);
  expect(await allOrders()).toEqual(before.map((order) => ({ ...order, version: order.version + 1 })));
});

test('changes of orders during a migration are kept, and it keeps them', async () => {
  await fillBeforeMigration(40);
  const before = await allOrders();
  const setStep = (verifyStep: number) => () => ({ set: { verifyStep }, actor: 'system' as const });
  const changes = before.map(({ _id }) => changeOrder(db, _id, setStep(7), new Date()));
  await Promise.all([runMigrations(db), ...changes]);
  const after = await allOrders();
  expect(after.map(({ verifyStep }) => verifyStep)).toEqual(before.map(() => 7));
  expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version + 2));
});

test('a migration leaves orders of a higher shape alone', async () => {
  await fillBeforeMigration(2);
  const before = await allOrders();
  await driverCollection(db.orders).updateOne({ version: versionOf(0) }, { $set: { shape: ORDER_SHAPE + 1 } });
  await runMigrations(db);
  const expected = before.map(({ version }) => version + (version === versionOf(0) ? 0 : 1));
  expect((await allOrders()).map(({ version }) => version)).toEqual(expected);
});

test('the lease of another process is waited for', async () => {
  await fillBeforeMigration(1);
  await takeLease(db, 'migrations', 'another process', 700);
  const startedAt = performance.now();
  expect(await runMigrations(db)).toEqual([touchOrders.name]);
  expect(performance.now() - startedAt).toBeGreaterThan(400);
});

test('a start refuses a database whose migrations have not finished, and migrate runs them', async () => {
  await fillBeforeMigration(1);
  const lacks = `The database lacks the migrations ${touchOrders.name}; run \`npm run migrate\``;
  await expect(assertMigrationsFinished(db)).rejects.toThrow(lacks);
  await migrate(db);
  await expect(assertMigrationsFinished(db)).resolves.toBeUndefined();
  expect((await allOrders())[0]?.version).toBe(versionOf(0) + 1);
});

test('a new database begins with every migration recorded, and runs none', async () => {
  const records = await driverCollection(db.migrations).find({}).toArray();
  expect(records.map(({ _id, batches }) => [_id, batches])).toEqual(MIGRATIONS.map(({ name }) => [name, 0]));
});

test('the names of migrations are dated, and in the order of their days', () => {
  const names = MIGRATIONS.map(({ name }) => name);
  for (const name of names) expect(name).toMatch(/^\d{4}-\d{2}-\d{2}-[a-z0-9-]+$/);
  expect([...names].sort()).toEqual(names);
});
