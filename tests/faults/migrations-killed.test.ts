/** The migrations killed by SIGKILL at every batch, and run by two processes at once (P6). */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { touchOrders } from '../../models/db/migrations/2026-11-28-touch-orders.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { anOrder } from '../support/an-order.ts';
import { compileEntry } from '../support/compile-entry.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

/** Two full batches and a part of one; the fourth is empty. */
const ORDERS = 1_203;
const BATCHES = 4;

let entry: string;
beforeAll(async () => {
  entry = await compileEntry('tests/support/migrating-process.ts');
}, 30_000);
afterAll(() => rm(dirname(entry), { recursive: true, force: true }));

let db: Database;
let dbName: string;
beforeEach(async () => {
  dbName = uniqueDatabaseName();
  db = await openDatabase(testMongoUri(), { dbName });
  await migrate(db);
  const sample = anOrder();
  const orders = Array.from({ length: ORDERS }, (_, index) => {
    const payments = sample.payments.map((attempt) => ({ ...attempt, reference: `ord-M${index}-1` }));
    return { ...sample, _id: new Types.ObjectId(), checkoutKey: `key-${index}`, payments };
  });
  await driverCollection(db.orders).insertMany(orders);
  await driverCollection(db.migrations).deleteMany({});
});
afterEach(() => db.connection.close());

const versions = () => driverCollection(db.orders).distinct('version');
const record = () => driverCollection(db.migrations).findOne({});

interface Ended {
  signal: NodeJS.Signals | null;
  /** The migrations that the process finished; null for a killed one. */
  finished: string[] | null;
}

async function run(where: 'in' | 'after' | 'never'): Promise<Ended> {
  const child: ChildProcess = fork(entry, [testMongoUri(), dbName, where], { execArgv: [], stdio: 'inherit' });
  let finished: string[] | null = null;
  child.on('message', (message: { finished: string[] }) => {
    finished = message.finished;
  });
  const [, signal]: [number | null, NodeJS.Signals | null] = (await once(child, 'exit')) as never;
  return { signal, finished };
}

test('killed in and after every batch, each batch takes effect once and the end is recorded once', async () => {
  const version = anOrder().version;
  for (let batch = 1; batch < BATCHES; batch += 1) {
    expect(await run('in')).toEqual({ signal: 'SIGKILL', finished: null });
    expect(await run('after')).toEqual({ signal: 'SIGKILL', finished: null });
    const { batches, finishedAt } = (await record()) ?? {};
    expect({ batches, finishedAt }).toEqual({ batches: batch, finishedAt: undefined });
  }
  // All documents are touched; only the record of the end is missing.
  expect(await run('in')).toEqual({ signal: 'SIGKILL', finished: null });
  expect(await run('never')).toEqual({ signal: null, finished: [touchOrders.name] });
  expect(await versions()).toEqual([version + 1]);
  expect(await record()).toMatchObject({ batches: BATCHES, finishedAt: expect.any(Date) });
  expect(await run('never')).toEqual({ signal: null, finished: [] });
  expect(await versions()).toEqual([version + 1]);
}, 180_000);

test('two processes at once touch every order once, and one of them records the end', async () => {
  const ended = await Promise.all([run('never'), run('never')]);
  expect(ended.map(({ signal }) => signal)).toEqual([null, null]);
  expect(ended.flatMap(({ finished }) => finished ?? [])).toEqual([touchOrders.name]);
  expect(await versions()).toEqual([anOrder().version + 1]);
}, 60_000);
