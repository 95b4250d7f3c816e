/** Staff search orders by whatever they have at hand: the read model behind it follows the orders and is repaired. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { storeSearchRows, writeSearchOf } from '../../models/search/write-search.ts';
import { aParcelOf } from '../support/action-keys.ts';
import {
  ADDRESS,
  type Checkout,
  checkOut,
  errorCodeOf,
  MINUTE_MS,
  newCheckoutKey,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweep,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

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
  const bought = await checkOut(shop);
  await pay(shop, bought.txRef);
  // The row of the order as it was before its settlement is written.
  await shop.ctx.search.idle();
  await work(shop);
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

test('a search row that a process left out when it died is written by the sweep, a young order excepted', async () => {
  const [lost, outdated] = [await checkOut(shop), await checkOut(shop)];
  await shop.ctx.search.idle();
  const rows = driverCollection(shop.db.orderSearch);
  await rows.deleteOne({ _id: new Types.ObjectId(lost.orderId) });
  await rows.updateOne({ _id: new Types.ObjectId(outdated.orderId) }, { $set: { t: ['st:unknown'] }, $inc: { v: -1 } });
  expect(await codesOf({ search: lost.code })).toEqual([]);
  await runSweepOnce(shop.ctx);
  expect(await rowOf(lost)).toBeNull();
  await sweep(shop);
  expect(await codesOf({ search: lost.code })).toEqual([lost.code]);
  expect(await codesOf({ search: outdated.code })).toEqual([outdated.code]);
  const { found } = await sweep(shop);
  expect(found.search).toBe(0);
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
