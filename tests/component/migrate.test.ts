/**
 * `npm run migrate` creates missing collections, indexes and validators. Processes refuse to start on an unprepared
 * database.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { assertIndexesAndValidators, findMissingIndexes } from '../../models/db/migrations/indexes-and-validators.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { assertSchemaVersion, findSchemaVersion, SCHEMA_VERSION } from '../../models/db/migrations/schema-version.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

let db: Database;

beforeEach(async () => {
  db = await openDatabase(testMongoUri(), { dbName: uniqueDatabaseName() });
});
afterEach(() => db.connection.close());

test('a process refuses to start on an unprepared database and names the migrate command', async () => {
  await expect(assertSchemaVersion(db)).rejects.toThrow(
    'The database has not been prepared for this program; run `npm run migrate` with the same MONGODB_URI, then start again.',
  );
  await migrate(db);
  await expect(assertSchemaVersion(db)).resolves.toBeUndefined();
});

test('an older version is refused, a newer one welcome and never lowered', async () => {
  await migrate(db);
  await db.schemaVersions.updateOne({ _id: 'schema' }, { $set: { version: SCHEMA_VERSION - 1 } });
  await expect(assertSchemaVersion(db)).rejects.toThrow(`this program needs version ${SCHEMA_VERSION}`);
  await db.schemaVersions.updateOne({ _id: 'schema' }, { $set: { version: SCHEMA_VERSION + 1 } });
  await migrate(db);
  expect(await findSchemaVersion(db)).toBe(SCHEMA_VERSION + 1);
  await expect(assertSchemaVersion(db)).resolves.toBeUndefined();
});

test('migrating may be repeated and raced', async () => {
  await Promise.all([migrate(db), migrate(db)]);
  await migrate(db);
  expect(await findMissingIndexes(db)).toEqual([]);
});

test('a database without the validator against negative stock is refused, with instructions', async () => {
  await migrate(db);
  await expect(assertIndexesAndValidators(db)).resolves.toBeUndefined();
  await db.connection.db?.command({ collMod: 'variants', validator: {} });
  await expect(assertIndexesAndValidators(db)).rejects.toThrow(
    'lacks the validators of variants; run `npm run migrate`',
  );
  await migrate(db);
  await db.connection.db?.command({ collMod: 'orders', validationAction: 'warn' });
  await expect(assertIndexesAndValidators(db)).rejects.toThrow('lacks the validators of orders');
  await migrate(db);
  await expect(assertIndexesAndValidators(db)).resolves.toBeUndefined();
});

test.each([
  ['a version before 1.0.0', undefined],
  ['release 2.x', '2'],
])('the data of %s are refused by start and by migrate in a sentence, and nothing is written', async (writer, line) => {
  const marker = { _id: 'schema', version: 2, ...(line === undefined ? {} : { line }) };
  await db.connection.collection<{ _id: string }>('schemaversion').insertOne(marker);
  const sentence = `The database was written by ${writer}, whose data this program does not read: set MONGODB_URI to a new one.`;
  await expect(migrate(db)).rejects.toThrow(sentence);
  await expect(assertSchemaVersion(db)).rejects.toThrow(sentence);
  expect((await db.connection.listCollections()).map(({ name }) => name)).toEqual(['schemaversion']);
  expect(await db.connection.collection('schemaversion').find().toArray()).toEqual([marker]);
});
