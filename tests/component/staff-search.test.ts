/** Staff search orders by whatever they have at hand: the read model behind it follows the orders and is repaired. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { repairSearch } from '../../jobs/search/repair-search.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { rebuildSearch } from '../../models/search/repair-search.ts';
import { storeSearchRows, writeSearchOf } from '../../models/search/write-search.ts';
import { aParcelOf } from '../support/action-keys.ts';
import { fillDatabase } from '../support/filled-database.ts';
import { openOwnDatabase } from '../support/orders.ts';
import {
  ADDRESS,
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  MINUTE_MS,
  newCheckoutKey,
  orderOf,
  type Shop,
  startTestShop,
  sweep,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { startTestApp } from '../support/test-app.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

type Search = Parameters<Shop['staff']['client']['admin']['orders']['query']>[0];

/** The page once the read model has caught up. */
async function find(search: Search) {
  await shop.ctx.search.idle();
  return shop.staff.client.admin.orders.query(search);
}
const codesOf = async (search: Search) => (await find(search)).items.map(({ code }) => code);
const rowOf = ({ orderId }: Pick<Checkout, 'orderId'>) =>
  driverCollection(shop.db.orderSearch).findOne({ _id: new Types.ObjectId(orderId) });

/** An order of a person of this name, email and phone number. */
async function orderFor(name: string, email: string, phone: string) {
  const shopper = await shop.signUp({ name, email });
  const item = await stockVariant(shop.db, {});
  await shopper.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
  const shippingAddress = { ...ADDRESS, name, phone };
  const input = { shippingAddress, checkoutKey: newCheckoutKey() };
  return { shopper, ...(await shopper.client.orders.initializePayment.mutate(input)) };
}

test('an order is found by code, name, email and phone number in any writing, and by half of them', async () => {
  const { code, txRef } = await orderFor('Bólá Adéṣọlá', 'bola.adesola@mail.example', '0805 987 6543');
  await orderFor('Chidi Eze', 'chidi@mail.example', '0806 111 2222');
  const written = `#${code.slice(0, 4)}-${code.slice(4, 8)} ${code.slice(8).toLowerCase()}`;
  for (const search of [
    ...[code, written, code.slice(0, 4).toLowerCase(), txRef],
    ...['bola', 'ADESOLA', 'Adéṣọlá Bólá', 'adeso', 'bola.adesola@mail.example', 'bola.ades', 'Bola.Adesola@'],
    ...['+234 805 987 6543', '08059876543', '(0805) 987-6543', '6543', '9876543'],
  ])
    expect([search, await codesOf({ search })]).toEqual([search, [code]]);
  for (const search of ['bola eze', 'ola', '08059876544', 'nobody@mail.example', '###'])
    expect([search, await codesOf({ search })]).toEqual([search, []]);
});

test('an order is found by its SKU, by its tracking number once it is shipped, and by its status', async () => {
  const bought = await buy(shop);
  const { items } = await orderOf(shop, bought);
  const sku = items[0]?.variantSnapshot.sku ?? '';
  expect(await codesOf({ search: sku.toLowerCase() })).toEqual([bought.code]);
  expect(await codesOf({ search: sku, status: 'confirmed' })).toEqual([bought.code]);
  const { admin } = shop.staff.client;
  await admin.ship.mutate(aParcelOf(bought.orderId, 'GIG-778 899'));
  for (const search of ['gig-778 899', 'GIG778899', 'gig778'])
    expect([search, await codesOf({ search })]).toEqual([search, [bought.code]]);
  expect(await codesOf({ search: sku, status: 'shipped' })).toEqual([bought.code]);
  expect(await codesOf({ search: sku, status: 'confirmed' })).toEqual([]);
  expect(await codesOf({ search: sku, email: bought.shopper.email })).toEqual([bought.code]);
  expect(await codesOf({ search: sku, email: shop.staff.email })).toEqual([]);
});

test('the orders of a search come newest first in stable pages, within the days that are given, with their number', async () => {
  const shopper = await shop.signUp({ email: 'paging@pages.example' });
  const made: Checkout[] = [];
  for (let n = 0; n < 5; n += 1) {
    shop.clock.advance(MINUTE_MS);
    made.push(await checkOut(shop, { shopper }));
  }
  const newestFirst = made.map(({ code }) => code).reverse();
  const search = 'paging@pages';
  const first = await find({ search, limit: 2 });
  await made[0]?.shopper.client.orders.cancel.mutate({ id: made[0].orderId });
  await shopper.client.cart.clear.mutate();
  await checkOut(shop, { shopper });
  const second = await find({ search, limit: 2, ...(first.nextCursor ? { cursor: first.nextCursor } : {}) });
  const third = await find({ search, limit: 2, ...(second.nextCursor ? { cursor: second.nextCursor } : {}) });
  const pages = [first, second, third];
  expect(pages.flatMap(({ items }) => items.map(({ code }) => code))).toEqual(newestFirst);
  expect(pages.map(({ count }) => count)).toEqual([5, null, null]);
  expect(third.nextCursor).toBeNull();
  const [, other] = made;
  if (!other) throw new Error('no second order');
  const { createdAt } = await orderOf(shop, other);
  const from = createdAt.toISOString();
  const to = new Date(createdAt.getTime() + MINUTE_MS).toISOString();
  expect(await codesOf({ search, from, to })).toEqual([other.code]);
  expect(await errorCodeOf(find({ search, cursor: 'not-a-cursor' }))).toBe('INVALID_INPUT');
});

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

test('a search row that a process left out when it died is written by the sweep, a young order excepted', async () => {
  const [lost, outdated] = [await checkOut(shop), await checkOut(shop)];
  await shop.ctx.search.idle();
  const rows = driverCollection(shop.db.orderSearch);
  await rows.deleteOne({ _id: new Types.ObjectId(lost.orderId) });
  await rows.updateOne({ _id: new Types.ObjectId(outdated.orderId) }, { $set: { t: ['st:unknown'] } });
  expect(await codesOf({ search: lost.code })).toEqual([]);
  await runSweepOnce(shop.ctx);
  expect(await rowOf(lost)).toBeNull();
  await sweep(shop);
  expect(await codesOf({ search: lost.code })).toEqual([lost.code]);
  expect(await codesOf({ search: outdated.code })).toEqual([outdated.code]);
  const { found } = await sweep(shop);
  expect(found.search).toBe(0);
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

test('a late writer never replaces the row of a newer version', async () => {
  const placed = await checkOut(shop);
  await shop.ctx.search.idle();
  const row = await rowOf(placed);
  if (!row) throw new Error('the order has no row');
  await storeSearchRows(shop.db, [{ ...row, t: ['st:newer'], v: row.v + 2 }]);
  await Promise.all([
    storeSearchRows(shop.db, [{ ...row, t: ['st:older'], v: row.v + 1 }]),
    writeSearchOf(shop.db, [row._id]),
  ]);
  expect(await rowOf(placed)).toMatchObject({ t: ['st:newer'], v: row.v + 2 });
});

test('writers of a new row that race leave the one of the newest version', async () => {
  const ids = Array.from({ length: 50 }, () => new Types.ObjectId());
  const rows = (v: number) => ids.map((_id) => ({ _id, t: [`v:${v}`], v }));
  await Promise.all([1, 3, 2, 3, 1].map((v) => storeSearchRows(shop.db, rows(v))));
  const stored = await driverCollection(shop.db.orderSearch)
    .find({ _id: { $in: ids } })
    .toArray();
  expect(stored.map(({ v }) => v)).toEqual(ids.map(() => 3));
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
