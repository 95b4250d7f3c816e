/** Staff's lists of work, and people by name. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buy,
  type Checkout,
  checkOut,
  HOUR_MS,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweep,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const orders = (search: Parameters<Shop['staff']['client']['admin']['orders']['query']>[0]) =>
  admin().orders.query(search);

/** All pages of a list, a few rows each. */
async function codesOfPages(search: Parameters<typeof orders>[0]): Promise<string[]> {
  const codes: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await orders({ ...search, limit: 2, ...(cursor ? { cursor } : {}) });
    codes.push(...page.items.map(({ code }) => code));
    cursor = page.nextCursor;
  } while (cursor);
  return codes;
}

test('what to ship is listed from the oldest, page by page, until it has left', async () => {
  const toShip = { status: 'confirmed', oldestFirst: true } as const;
  const { count: before } = await orders(toShip);
  const made: Checkout[] = [];
  for (let n = 0; n < 5; n += 1) made.push(await buy(shop));
  await checkOut(shop);
  const codes = made.map(({ code }) => code);
  const listed = async () => (await codesOfPages(toShip)).filter((code) => codes.includes(code));
  expect(await listed()).toEqual(codes);
  expect((await orders(toShip)).count).toBe((before ?? 0) + 5);
  await admin().ship.mutate({ id: made[1]?.orderId ?? '', key: 'parcel-1', carrier: 'GIG', trackingNumber: 'T-1' });
  expect(await listed()).toEqual(codes.filter((code) => code !== made[1]?.code));
});

test('each order is in one list, oldest first where there is work, and filters narrow every list', async () => {
  const other = await startTestShop();
  try {
    const { admin: staff } = other.staff.client;
    const [shipped, second, third] = [await buy(other), await buy(other), await buy(other)];
    const unpaid = await checkOut(other);
    const cancelled = await checkOut(other);
    await staff.ship.mutate({ id: shipped.orderId, key: 'parcel-1', carrier: 'GIG', trackingNumber: 'T-2' });
    await staff.cancel.mutate({ id: cancelled.orderId });
    await staff.setTags.mutate({ id: third.orderId, tags: ['gift'] });
    await other.ctx.search.idle();
    const codesOf = async (search: Parameters<typeof orders>[0]) =>
      (await staff.orders.query(search)).items.map(({ code }) => code);
    expect(await codesOf({ list: 'to_ship' })).toEqual([second.code, third.code]);
    expect(await codesOf({ list: 'to_ship', oldestFirst: false })).toEqual([third.code, second.code]);
    expect(await codesOf({ list: 'unpaid' })).toEqual([unpaid.code]);
    expect(await codesOf({ list: 'shipped' })).toEqual([shipped.code]);
    expect(await codesOf({ list: 'cancelled' })).toEqual([cancelled.code]);
    expect(await staff.orderCounts.query()).toEqual({
      ...{ to_ship: 2, unpaid: 1, shipped: 1, delivered: 0, cancelled: 1, all: 5 },
    });
    const product = (await orderOf(other, second)).items[0]?.productSnapshot.productId.toHexString();
    for (const filter of [{ product }, { tag: 'Gift' }, { channel: 'card' }, { delivery: 'standard' }]) {
      const expected = filter.product ? [second.code] : filter.tag ? [third.code] : [second.code, third.code];
      expect([filter, await codesOf({ list: 'to_ship', ...filter })]).toEqual([filter, expected]);
    }
    expect(await codesOf({ list: 'to_ship', channel: 'ussd' })).toEqual([]);
    const page = await staff.orders.query({ list: 'to_ship', channel: 'card', limit: 1 });
    expect(page).toMatchObject({ count: 2, items: [{ code: second.code, partial: false, otherDomain: false }] });
    expect(await codesOf({ list: 'to_ship', channel: 'card', cursor: page.nextCursor ?? '' })).toEqual([third.code]);
  } finally {
    await other.stop();
  }
});

test('open disputes are listed by their deadline, and only while they are open', async () => {
  const made: Checkout[] = [];
  for (let n = 0; n < 3; n += 1) made.push(await buy(shop));
  const deadlines = [3, 1, 2].map((hours) => new Date(shop.clock.now().getTime() + hours * HOUR_MS));
  const ids: number[] = [];
  for (const [index, { txRef }] of made.entries())
    ids.push(shop.sandbox.openDispute(txRef, { dueAt: deadlines[index] ?? new Date(0) }).id);
  await shop.sandbox.webhooksIdle();
  await sweep(shop);
  const [first, second, third] = made.map(({ code }) => code);
  expect(await codesOfPages({ attention: 'dispute' })).toEqual([second, third, first]);
  const { items } = await orders({ attention: 'dispute' });
  expect(items[0]?.answerBy).toBe(deadlines[1]?.toISOString());
  shop.sandbox.resolveDispute(ids[1] ?? 0, 'declined');
  await shop.sandbox.webhooksIdle();
  await sweep(shop);
  expect(await codesOfPages({ attention: 'dispute' })).toEqual([third, first]);
});

test('failed emails are listed from the oldest failure, with their order and what the provider said', async () => {
  const made: Checkout[] = [];
  for (let n = 0; n < 3; n += 1) {
    const checkout = await checkOut(shop);
    made.push(checkout);
    shop.mailbox.script({ to: checkout.shopper.email, fault: { kind: 'bad-address' } });
    await pay(shop, checkout.txRef);
    await work(shop);
    shop.clock.advance(1_000);
  }
  const first = await admin().failedEmails.query({ limit: 2 });
  const second = await admin().failedEmails.query({ limit: 2, cursor: first.nextCursor ?? '' });
  expect(second.nextCursor).toBeNull();
  const items = [...first.items, ...second.items];
  expect(items.map(({ code }) => code)).toEqual(made.map(({ code }) => code));
  expect(items[0]).toMatchObject({ kind: 'order_confirmed', name: 'Ada Obi', email: made[0]?.shopper.email });
  expect(items[0]?.error).not.toBe('');
});

test('people stand in the timeline by name, also after their account is gone', async () => {
  const colleague = await shop.signUp({ role: 'manager', name: 'ليلى' });
  const { orderId: id } = await buy(shop);
  await colleague.client.admin.ship.mutate({ id, key: 'parcel-1', carrier: 'GIG', trackingNumber: 'T-1' });
  const actors = async () =>
    (await admin().order.query({ id })).timeline.flatMap(({ actor }) => (actor?.kind === 'staff' ? [actor] : []));
  expect(await actors()).toEqual([{ kind: 'staff', name: 'ليلى' }]);
  await shop.db.users.deleteOne({ _id: colleague.id });
  expect(await actors()).toEqual([{ kind: 'staff', name: null }]);
});
