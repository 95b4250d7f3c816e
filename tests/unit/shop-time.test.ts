/** Days of the shop: where they begin and end, also where clocks change. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOfDay, formatInstant, isTimeZone, startOfDay } from '../../models/shop-time.ts';

test('an instant for people is that of the shop’s zone', () => {
  expect(formatInstant(new Date('2026-03-01T12:00:00Z'), 'Africa/Lagos')).toBe('1 Mar 2026, 13:00');
});

test.each([
  ['a zone without summer time', 'Africa/Lagos', '2025-05-01', '2025-04-30T23:00:00.000Z', '2025-05-01T23:00:00.000Z'],
  ['a day of 23 hours', 'Europe/London', '2025-03-30', '2025-03-30T00:00:00.000Z', '2025-03-30T23:00:00.000Z'],
  ['a day of 25 hours', 'Europe/London', '2025-10-26', '2025-10-25T23:00:00.000Z', '2025-10-27T00:00:00.000Z'],
  ['a day without midnight', 'Africa/Cairo', '2025-04-25', '2025-04-24T22:00:00.000Z', '2025-04-25T21:00:00.000Z'],
  ['a midnight that repeats', 'Africa/Cairo', '2025-10-31', '2025-10-30T22:00:00.000Z', '2025-10-31T22:00:00.000Z'],
  [
    'the last day of a year',
    'Pacific/Kiritimati',
    '2025-12-31',
    '2025-12-30T10:00:00.000Z',
    '2025-12-31T10:00:00.000Z',
  ],
])('%s begins and ends at the right instants', (_name, zone, day, start, end) => {
  expect([startOfDay(day, zone).toISOString(), endOfDay(day, zone).toISOString()]).toEqual([start, end]);
});

describe('in any zone and on any day', () => {
  const zones = ['Africa/Lagos', 'Africa/Cairo', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Asia/Beirut', 'Europe/London'];
  const day = fc
    .date({ min: new Date('1975-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10));
  const dateIn = (at: number, timeZone: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);

  test('the first millisecond of a day is of that day, and the one before it is not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), day, (zone, wanted) => {
        const start = startOfDay(wanted, zone).getTime();
        expect(dateIn(start, zone)).toBe(wanted);
        expect(dateIn(start - 1, zone) < wanted).toBe(true);
      }),
    );
  });

  test('a day ends where the next one begins', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), day, (zone, wanted) => {
        const end = endOfDay(wanted, zone);
        expect(end.getTime()).toBeGreaterThan(startOfDay(wanted, zone).getTime());
        expect(endOfDay(wanted, zone)).toEqual(startOfDay(dateIn(end.getTime(), zone), zone));
      }),
    );
  });
});

test('only names of the time zone database are time zones', () => {
  expect(['Africa/Lagos', 'UTC', 'Lagos', ''].map(isTimeZone)).toEqual([true, true, false, false]);
});
