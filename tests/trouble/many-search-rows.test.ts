/** The search rows of two thousand orders: counted up to a limit, repaired slice by slice, rebuilt after a kill. */
import { expect, test } from '@jest/globals';
import { repairSearch } from '../../jobs/search/repair-search.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { rebuildSearch } from '../../models/search/repair-search.ts';
import { fillDatabase } from '../support/filled-database.ts';
import { openOwnDatabase } from '../support/orders.ts';
import type { Shop } from '../support/shopping.ts';
import { startTestApp } from '../support/test-app.ts';

type Search = Parameters<Shop['staff']['client']['admin']['orders']['query']>[0];

test('lists count up to a thousand orders and begin with the newest', async () => {
  const db = await openOwnDatabase();
  await fillDatabase(db, new Date());
  await rebuildSearch(db);
  const app = await startTestApp({ dbName: db.connection.name });
  try {
    const { client } = await app.signUp({ role: 'owner', email: 'sola@staff.example' });
    const countOf = async (search: Search) => (await client.admin.orders.query(search)).count;
    expect(await countOf({})).toBe(1_001);
    expect(await countOf({ from: '2020-01-01' })).toBe(1_001);
    expect(await countOf({ search: 'somebody' })).toBe(1_001);
    expect(await countOf({ search: 'somebody', status: 'shipped' })).toBeNull();
    expect(await countOf({ search: '0800 000 0000', status: 'shipped' })).toBe(333);
    expect(await countOf({ search: 'user7@example.com' })).toBe(20);
    expect(await countOf({ search: 'user7@example.com', attention: 'review' })).toBeNull();
    expect(await countOf({ status: 'shipped' })).toBe(333);
    expect(await countOf({ email: 'user7@example.com' })).toBe(20);
    expect(await countOf({ attention: 'parked' })).toBe(10);
    expect(await countOf({ code: 'COPY77' })).toBe(1);
    const newest = await db.orders.find().sort({ _id: -1 }).limit(3).lean();
    const { items, count } = await client.admin.orders.query({ search: '0800 000 0000', limit: 3 });
    expect([items.map(({ code }) => code), count]).toEqual([newest.map(({ code }) => code), 1_001]);
  } finally {
    await app.stop();
    await db.connection.close();
  }
});

test('the sweep goes through all orders slice by slice, and begins again after the last', async () => {
  const db = await openOwnDatabase();
  try {
    const { order } = await fillDatabase(db, new Date());
    const clock = { now: () => new Date() };
    const rounds: number[] = [];
    for (let round = 0; round < 6; round += 1) rounds.push(await repairSearch({ db, clock }, 0));
    // The newest 500 and the oldest 500 of 2,001, then two slices more; the last slice finds the single order that is left.
    expect(rounds).toEqual([1_000, 500, 500, 1, 0, 0]);
    await driverCollection(db.orderSearch).deleteOne({ _id: order._id });
    let repaired = 0;
    for (let round = 0; round < 6; round += 1) repaired += await repairSearch({ db, clock }, 0);
    expect(repaired).toBe(1);
  } finally {
    await db.connection.close();
  }
});

test('a rebuild that was interrupted is repeated, and then finds nothing left to write', async () => {
  const db = await openOwnDatabase();
  try {
    await fillDatabase(db, new Date());
    const stop = new Error('killed');
    const interrupted = rebuildSearch(db, ({ checked }) => {
      if (checked >= 1_000) throw stop;
    });
    await expect(interrupted).rejects.toBe(stop);
    expect(await rebuildSearch(db)).toEqual({ checked: 2_001, repaired: 1_001 });
    expect(await rebuildSearch(db)).toEqual({ checked: 2_001, repaired: 0 });
    expect(await db.orderSearch.countDocuments()).toBe(2_001);
  } finally {
    await db.connection.close();
  }
});
