/** Order ids carry the time that they are given, and ranges of ids are ranges of that time. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newOrderId, placedBetween } from '../../models/order/ids/order-id.ts';

const date = fc.date({ min: new Date(0), max: new Date('2105-01-01'), noInvalidDate: true });

test('an id has the second of the given time, whatever the clock of this machine says', () => {
  fc.assert(
    fc.property(date, (now) => {
      expect(newOrderId(now).getTimestamp().getTime()).toBe(Math.floor(now.getTime() / 1000) * 1000);
    }),
  );
});

test('ids of one second differ and rise in the order in which they are made', () => {
  const now = new Date('2025-05-01T12:00:00Z');
  const ids = Array.from({ length: 1_000 }, () => String(newOrderId(now)));
  expect(new Set(ids).size).toBe(1_000);
  expect(ids).toEqual([...ids].sort());
});

test('an order placed at a time matches exactly the ranges that contain that time', () => {
  fc.assert(
    fc.property(date, date, date, (at, from, to) => {
      const order = { _id: String(newOrderId(at)), createdAt: at };
      const { _id, createdAt } = placedBetween(from, to);
      const matches =
        (_id?.$gte === undefined || order._id >= String(_id.$gte)) &&
        (_id?.$lt === undefined || order._id < String(_id.$lt)) &&
        (createdAt?.$gte === undefined || order.createdAt >= createdAt.$gte) &&
        (createdAt?.$lt === undefined || order.createdAt < createdAt.$lt);
      expect(matches).toBe(at >= from && at < to);
    }),
  );
});

test.each([
  ['before 1970', new Date('1000-01-01'), '0'.repeat(24)],
  ['after 2106', new Date('9999-01-01'), `ffffffff${'0'.repeat(16)}`],
])('a bound %s becomes the nearest second that an id can hold', (_name, from, id) => {
  expect(String(placedBetween(from, undefined)._id?.$gte)).toBe(id);
});

test('whole seconds are a range of ids alone', () => {
  const second = new Date('2025-05-01T00:00:00Z');
  expect(Object.keys(placedBetween(second, second))).toEqual(['_id']);
  expect(placedBetween(undefined, undefined)).toEqual({});
});
