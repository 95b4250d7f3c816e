/** The lines that the storefront keeps for a visitor: what storage holds cannot break the cart, and presses keep its bounds. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AddedUnits,
  addUnits,
  asQuoted,
  type GuestLine,
  inCurrency,
  MAX_LINE_UNITS,
  MAX_LINES,
  markSeen,
  parseGuestLines,
  setUnits,
  withKeptTitles,
  withoutTaken,
} from '../../client-sdk/storefront/src/data/guest-lines.ts';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../../models/contract/limits.ts';
import type { Money } from '../../models/contract/money.ts';

const line = (n: number, change: Partial<GuestLine> = {}): GuestLine => ({
  variantId: n.toString(16).padStart(24, '0'),
  quantity: 1,
  title: `Thing ${n}`,
  seenPrice: 150_000,
  currency: 'NGN',
  ...change,
});
/** A press that adds the line, as its page shows it. */
const press = (n: number, change: Partial<GuestLine> = {}, ...others: Money[]): AddedUnits => {
  const { seenPrice: amount, currency, ...units } = line(n, change);
  return { ...units, prices: [{ amount, currency }, ...others] };
};
const lineIn = fc.record({ n: fc.integer({ min: 1, max: 4 }), quantity: fc.integer({ min: 1, max: 600 }) });

test('the bounds are those of the server', () => {
  expect([MAX_LINES, MAX_LINE_UNITS]).toEqual([MAX_CART_LINES, MAX_LINE_QUANTITY]);
});

test('any text in the storage gives lines that the shop takes', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.oneof(fc.anything(), lineIn)).map((v) => String(JSON.stringify(v))),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const lines = parseGuestLines(text);
      expect(parseGuestLines(JSON.stringify(lines))).toEqual(lines);
    }),
  );
  const good = [line(1), line(2, { quantity: 999 })];
  const bad = [line(3, { quantity: 0 }), line(3, { quantity: 1000 }), { ...line(3), variantId: '$ne' }, null, 7];
  expect(parseGuestLines(JSON.stringify([...good, ...bad, line(1)]))).toEqual(good);
  expect(parseGuestLines(null)).toEqual([]);
});

test('a line whose variant is gone keeps the title that the visitor chose', () => {
  const shop = { productId: null, productTitle: 'No longer sold' };
  const sold = { productId: line(9).variantId, productTitle: 'New name' };
  const lines = [
    { ...line(1), ...shop },
    { ...line(2), ...sold },
    { ...line(3), ...shop },
  ];
  const titles = withKeptTitles(lines, [line(1), line(2)]).map(({ productTitle }) => productTitle);
  expect(titles).toEqual(['Thing 1', 'New name', 'No longer sold']);
});

test('additions sum up by line and never exceed the bounds', () => {
  fc.assert(
    fc.property(fc.array(lineIn), (added) => {
      let lines: GuestLine[] = [];
      for (const { n, quantity } of added) {
        const before = lines.find(({ variantId }) => variantId === line(n).variantId)?.quantity ?? 0;
        const result = addUnits(lines, press(n, { quantity }));
        expect('refusal' in result).toBe(before + quantity > MAX_LINE_UNITS);
        if ('lines' in result) lines = result.lines;
      }
      expect(parseGuestLines(JSON.stringify(lines))).toEqual(lines);
    }),
  );
});

describe('a visitor’s cart', () => {
  test('refuses another currency and a line too many, in words', () => {
    expect(addUnits([line(1)], press(2, { currency: 'USD' }))).toEqual({
      refusal: expect.stringMatching(/prices in NGN; this one is in USD/),
    });
    const full = Array.from({ length: MAX_LINES }, (_, n) => line(n));
    expect(addUnits(full, press(500))).toEqual({ refusal: expect.stringMatching(/at most 100/) });
    expect(addUnits(full, press(5))).toEqual({ lines: expect.arrayContaining([line(5, { quantity: 2 })]) });
  });

  test('sets quantities, and takes a line out with 0', () => {
    const lines = [line(1), line(2)];
    expect(setUnits(lines, line(2).variantId, 7)).toEqual([line(1), line(2, { quantity: 7 })]);
    expect(setUnits(lines, line(1).variantId, 0)).toEqual([line(2)]);
  });

  test('remembers the prices that were shown', () => {
    const shown = [{ variantId: line(2).variantId, unitPrice: 90_000 }];
    expect(markSeen([line(1), line(2)], 'NGN', shown)).toEqual([line(1), line(2, { seenPrice: 90_000 })]);
    expect(markSeen([line(1), line(2)], 'USD', shown)).toEqual([line(1), line(2)]);
  });

  test('takes an item at its price in the currency of the other lines, whichever price was shown first', () => {
    const dollars = { amount: 20_00, currency: 'USD' } as const;
    const inDollars = line(1, { currency: 'USD', seenPrice: 5_00 });
    expect(addUnits([inDollars], press(2, {}, dollars))).toEqual({
      lines: [inDollars, line(2, { currency: 'USD', seenPrice: 20_00 })],
    });
    expect(addUnits([], press(2, {}, dollars))).toEqual({ lines: [line(2)] });
  });

  test('goes over to another currency with the prices quoted in it, and without the numbers of the former one', () => {
    const quoted = [{ variantId: line(1).variantId, unitPrice: 20_00 }];
    const moved = inCurrency([line(1), line(2)], 'USD', quoted);
    expect(moved).toEqual([line(1, { currency: 'USD', seenPrice: 20_00 }), line(2, { currency: 'USD', seenPrice: 0 })]);
    expect(inCurrency(moved, 'USD', [])).toEqual(moved);
    expect(parseGuestLines(JSON.stringify(moved))).toEqual(moved);
  });

  test('keeps what another tab has changed while the shop took the lines over', () => {
    const now = [line(1), line(2, { quantity: 3 }), line(3)];
    expect(withoutTaken(now, [line(1), line(2)])).toEqual([line(2, { quantity: 3 }), line(3)]);
  });
});

test('a quote in another currency than the chosen one changes the lines, unless another tab has chosen since', () => {
  const kept = [line(1), line(2)];
  const quote = { currency: 'USD' as const, lines: [{ variantId: line(1).variantId, unitPrice: 900 }] };
  expect(asQuoted(kept, kept, quote)).toEqual([
    line(1, { currency: 'USD', seenPrice: 900 }),
    line(2, { currency: 'USD', seenPrice: 0 }),
  ]);
  const chosenElsewhere = kept.map((one) => ({ ...one, currency: 'GHS' as const }));
  expect(asQuoted(chosenElsewhere, kept, quote)).toBeNull();
  expect(asQuoted(kept, kept, { ...quote, currency: 'NGN' })).toBeNull();
});
