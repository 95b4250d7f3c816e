/** The history of the development shop is played into an empty database alone, so once. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isEmptyDatabase } from '../../dev/history/add-history.ts';
import { createUser } from '../../models/accounts/create-user.ts';
import type { Database } from '../../models/db/database.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';
import { testMongoUri } from '../support/test-mongo.ts';

let db: Database;
beforeEach(async () => {
  db = await openOwnDatabase();
});
afterEach(() => db.connection.close());

const isEmpty = () => isEmptyDatabase(testMongoUri(), db.connection.name);

test('a database that is new, and one that holds nothing but its own bookkeeping, are empty', async () => {
  expect(await isEmpty()).toBe(true);
  expect(await isEmptyDatabase(testMongoUri(), `${db.connection.name}-none`)).toBe(true);
});

test('a database with one user, the one that a history makes first, is not', async () => {
  await createUser(db, { email: 'ada@example.com', name: 'Ada', role: 'customer', passwordHash: 'x' }, new Date());
  expect(await isEmpty()).toBe(false);
});

test('a database with one product is not', async () => {
  await makeCatalogue(db);
  expect(await isEmpty()).toBe(false);
});

test('a database with orders alone is not', async () => {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
  await Promise.all([db.products.deleteMany({}), db.users.deleteMany({})]);
  expect(await isEmpty()).toBe(false);
});
