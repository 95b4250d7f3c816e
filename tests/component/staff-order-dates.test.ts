/** Staff list orders by date: in the database's time, by the shop's days, and by instants with any offset. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkOut, DAY_MS, errorCodeOf, HOUR_MS, orderOf, type Shop, startTestShop } from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop({ env: { SHOP_TIME_ZONE: 'Africa/Lagos' } });
});
afterAll(() => shop.stop());

type Search = Parameters<Shop['staff']['client']['admin']['orders']['query']>[0];
const find = (search: Search) => shop.staff.client.admin.orders.query(search);
const codesOf = async (search: Search) => (await find(search)).items.map(({ code }) => code);

/** Advances the clock to this time of a day in UTC, of which nothing belongs to the shop's present day. Returns it. */
function advanceTo(time: string): string {
  const later = new Date(shop.clock.now().getTime() + 2 * DAY_MS).toISOString().slice(0, 10);
  shop.clock.advance(Date.parse(`${later}T${time}Z`) - shop.clock.now().getTime());
  return later;
}

const dayAfter = (day: string) => new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);

test('an order is listed by the time of the database, although the clock of this machine is days behind', async () => {
  shop.clock.advance(3 * DAY_MS);
  const placed = await checkOut(shop);
  const now = shop.clock.now();
  const { _id, createdAt } = await orderOf(shop, placed);
  expect(createdAt).toEqual(now);
  expect(Math.floor(now.getTime() / 1000) * 1000).toBe(_id.getTimestamp().getTime());
  const around = (ms: number) => new Date(now.getTime() + ms).toISOString();
  expect(await codesOf({ from: around(-HOUR_MS) })).toContain(placed.code);
  expect(await codesOf({ from: around(HOUR_MS) })).not.toContain(placed.code);
  expect(await codesOf({ to: around(-HOUR_MS) })).not.toContain(placed.code);
});

test('a plain date means the whole day of the shop, from its first instant to its last', async () => {
  const day = advanceTo('22:59:59.999');
  const last = await checkOut(shop);
  shop.clock.advance(1);
  const first = await checkOut(shop);
  expect(await codesOf({ from: day, to: day })).toEqual([last.code]);
  expect(await codesOf({ from: dayAfter(day), to: dayAfter(day) })).toEqual([first.code]);
  expect(await codesOf({ from: day, to: dayAfter(day) })).toEqual([first.code, last.code]);
});

test('an instant may have any offset, and is compared to the millisecond', async () => {
  const day = advanceTo('12:00:00.500');
  const placed = await checkOut(shop);
  const noon = (fraction: string) => `${day}T13:00:00.${fraction}+01:00`;
  expect(await codesOf({ from: noon('500'), to: noon('501') })).toEqual([placed.code]);
  expect(await codesOf({ from: noon('501'), to: noon('999') })).toEqual([]);
  expect(await codesOf({ from: noon('000'), to: noon('500') })).toEqual([]);
  expect(await codesOf({ from: `${day}T07:00:00-05:00`, to: `${day}T17:30:01+05:30` })).toEqual([placed.code]);
});

test.each(['yesterday', '2025-13-01', '2025-05-01T25:00:00Z', '2025-05-01T00:00:00'])('%j is no date', async (from) => {
  expect(await errorCodeOf(find({ from }))).toBe('INVALID_INPUT');
});

test('dates before the first and after the last possible order are no error', async () => {
  await checkOut(shop);
  expect((await find({ from: '0001-01-01', to: '9999-12-31', limit: 1 })).items).toHaveLength(1);
  expect(await codesOf({ from: '9000-01-01' })).toEqual([]);
  expect(await codesOf({ to: '1000-01-01' })).toEqual([]);
});
