/** The desk's reading of addresses, files and instants. */
import { describe, expect, test } from '@jest/globals';
import { sumsOf } from '../../client-sdk/desk/src/order/order-sums.ts';
import { sayAge, sayTimeLeft } from '../../client-sdk/desk/src/orders/age.ts';
import { countFilters, inputOf, readOrderFilters, tabOf } from '../../client-sdk/desk/src/orders/order-filters.ts';
import {
  inParts,
  inputOf as inputOfRow,
  ROWS_PER_CALL,
  readShippingRows,
  toRow,
} from '../../client-sdk/desk/src/ship-many/shipping-rows.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const before = (ms: number) => new Date(NOW - ms).toISOString();
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

test.each([
  [0, 'a moment'],
  [-5 * SECOND, 'a moment'],
  [59 * SECOND, 'a moment'],
  [MINUTE, '1 minute'],
  [59 * MINUTE, '59 minutes'],
  [HOUR, '1 hour'],
  [24 * HOUR - 1, '23 hours'],
  [24 * HOUR, '1 day'],
  [72 * HOUR, '3 days'],
])('%d ms ago is %s', (ms, words) => {
  expect(sayAge(before(ms), NOW)).toBe(words);
});

test.each([
  [0, 'the time has passed'],
  [-HOUR, 'the time has passed'],
  [30 * SECOND, '0 minutes left'],
  [MINUTE, '1 minute left'],
  [HOUR, '1 hour left'],
  [47 * HOUR, '47 hours left'],
  [48 * HOUR, '2 days left'],
])('in %d ms: %s', (ms, words) => {
  expect(sayTimeLeft(before(-ms), NOW)).toBe(words);
});

describe('filters', () => {
  test('that cannot be used are left out', () => {
    const typed = {
      tab: 'nothing',
      q: '  Ada ',
      from: '28.11.2026',
      to: '2026-11-28',
      product: 'x',
      tag: '',
      extra: 'y',
    };
    expect(readOrderFilters(typed)).toEqual({ q: 'Ada', to: '2026-11-28' });
    const product = '0123456789abcdef01234567';
    expect(readOrderFilters({ tab: 'shipped', product })).toEqual({ tab: 'shipped', product });
  });

  test('begin with the work, and a search or a tag looks everywhere', () => {
    expect(tabOf({})).toBe('to_ship');
    expect(tabOf({ q: 'ada' })).toBe('all');
    expect(tabOf({ tag: 'gift' })).toBe('all');
    expect(tabOf({ tab: 'unpaid', q: 'ada' })).toBe('unpaid');
    expect(tabOf({ from: '2026-11-01' })).toBe('to_ship');
  });

  test('become the input of the list', () => {
    expect(inputOf({ q: 'ada' })).toEqual({ search: 'ada' });
    expect(inputOf({ tab: 'shipped', channel: 'ussd' })).toEqual({ list: 'shipped', channel: 'ussd' });
  });

  test('are counted without tab and search', () => {
    expect(countFilters({ tab: 'all', q: 'ada' })).toBe(0);
    expect(countFilters({ tag: 'gift', from: '2026-11-01', to: '2026-11-02' })).toBe(3);
  });
});

describe('rows to ship', () => {
  const cells = (rows: Awaited<ReturnType<typeof readShippingRows>>) => rows.map(({ key: _, ...row }) => row);

  test('come in the order of the columns, or as a first line names them', async () => {
    const row = { code: 'ABC', carrier: 'GIG', trackingNumber: '1' };
    expect(cells(await readShippingRows('ABC,GIG,1\n'))).toEqual([row]);
    expect(cells(await readShippingRows('Tracking number;Order;Courier\r\n1;ABC;GIG\r\n'))).toEqual([row]);
    expect(cells(await readShippingRows('\uFEFFcode\tcarrier\ttracking\nABC\tGIG\t1'))).toEqual([row]);
  });

  test('have blanks cut off, and no row without a code', async () => {
    const rows = await readShippingRows('code,carrier,tracking\n  ABC ,,\n,GIG,2\n"DEF","A, B",\n');
    expect(cells(rows)).toEqual([
      { code: 'ABC', carrier: '', trackingNumber: '' },
      { code: 'DEF', carrier: 'A, B', trackingNumber: '' },
    ]);
    expect(rows.map(inputOfRow)).toEqual([{ code: 'ABC' }, { code: 'DEF', carrier: 'A, B' }]);
  });

  test('of the same file have the same keys, so that sending it again ships only what is left', async () => {
    const text = 'ABC,GIG,1\nDEF,GIG,2\n';
    const [once, again, other] = await Promise.all([text, text, `${text}GHI,,`].map(readShippingRows));
    expect(again).toEqual(once);
    expect(new Set(once?.map(({ key }) => key)).size).toBe(2);
    expect(other?.[0]?.key).not.toBe(once?.[0]?.key);
  });

  test('are refused in words where the text is no table, or too long', async () => {
    await expect(readShippingRows('"ABC')).rejects.toThrow('This is no table');
    await expect(readShippingRows('A\n'.repeat(1_001))).rejects.toThrow('more than 1,000 rows');
  });

  test('are sent in parts', () => {
    const rows = Array.from({ length: ROWS_PER_CALL + 1 }, (_, index) => toRow(`C${index}`));
    expect(inParts(rows).map((part) => part.length)).toEqual([ROWS_PER_CALL, 1]);
    expect(inParts([])).toEqual([]);
  });
});

describe('the money of an order', () => {
  const back = {
    currency: 'NGN',
    byRefund: 0,
    byDispute: 0,
    elsewhere: 0,
    open: 0,
    held: 0,
    left: 0,
    excess: 0,
  } as const;
  const payment = (given: object) =>
    ({ amount: null, fees: null, returned: null, ...given }) as Parameters<typeof sumsOf>[0]['payments'][number];

  test('is captured less what went back, less fees', () => {
    const returned = { ...back, byRefund: 100_00, byDispute: 20_00, elsewhere: 5_00, open: 50_00 };
    const paid = payment({ amount: 1_000_00, fees: 15_00, returned });
    expect(sumsOf({ payments: [payment({}), paid] })).toEqual([
      { currency: 'NGN', captured: 1_000_00, returned: 125_00, returning: 50_00, fees: 15_00, net: 810_00 },
    ]);
  });

  test('has no net sum while a fee is not known, and one sum for each currency', () => {
    const dollars = payment({ amount: 10_00, fees: 1_00, returned: { ...back, currency: 'USD' } });
    const naira = payment({ amount: 10_00, fees: 1_00, returned: back });
    const unknown = payment({ amount: 10_00, returned: back });
    expect(sumsOf({ payments: [naira, dollars, unknown] })).toMatchObject([
      { currency: 'NGN', captured: 20_00, fees: null, net: null },
      { currency: 'USD', captured: 10_00, fees: 1_00, net: 9_00 },
    ]);
    expect(sumsOf({ payments: [] })).toEqual([]);
  });
});
