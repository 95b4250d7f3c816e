/** A change stream of a busy collection costs few reads, and reports every change. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { mongo } from 'mongoose';
import { watchChanges } from '../../models/db/change-stream.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { eventually } from '../support/eventually.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

const BURSTS = 60;
const GATHERED_MS = 50;

let db: Database;
beforeAll(async () => {
  const uri = new URL(testMongoUri());
  uri.searchParams.set('monitorCommands', 'true');
  db = await openDatabase(uri.href, { dbName: uniqueDatabaseName() });
});
afterAll(() => db.connection.close());

type Inserted = mongo.ChangeStreamInsertDocument<{ _id: number }>;

test('while changes come several at a time, the stream is read once in 50 ms, and reports each in its order', async () => {
  const collection = db.connection.collection<{ _id: number }>('crowded');
  const seen: number[] = [];
  let reads = 0;
  db.connection.getClient().on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'getMore' && command.collection === 'crowded') reads += 1;
  });
  const end = watchChanges<Inserted>(db, collection, [{ $match: { operationType: 'insert' } }], {
    onChange: ({ documentKey }) => seen.push(documentKey._id),
    onBreak: () => undefined,
  });
  let last = 0;
  const insertThree = () => collection.insertMany([1, 2, 3].map(() => ({ _id: ++last })));
  await eventually('the stream to be open', async () => {
    await insertThree();
    return seen.length > 0;
  });
  const [readsBefore, beganAt] = [reads, performance.now()];
  for (let burst = 0; burst < BURSTS; burst += 1) await insertThree();
  await eventually('the last change', () => seen.includes(last));
  const most = (performance.now() - beganAt) / GATHERED_MS + 2;
  await end();
  expect(reads - readsBefore).toBeLessThanOrEqual(most);
  expect(reads - readsBefore).toBeLessThan(BURSTS / 2);
  const [first = 0] = seen;
  expect(seen).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
});
