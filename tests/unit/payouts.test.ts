/** A payout is proved by counts and sums alone, and a charge in no payout is flagged after three business days. */
import { describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { comparePayout, type PayoutComparison } from '../../models/payout/compare-payout.ts';
import { heldCharges } from '../../models/payout/flag-unpaid.ts';
import { afterPass, MAX_SET_ASIDE, MAX_UNREAD_PASSES, type UnreadState } from '../../models/reconcile/unread-rows.ts';
import { businessDaysAgo } from '../../models/shop-time.ts';

/** Two charges of ₦5,000 with fees of ₦175, and ₦1,000 deducted. */
const RIGHT: PayoutComparison = {
  payout: { currency: 'NGN', gross: 1_000_000, fees: 35_000, deductions: 100_000, net: 865_000 },
  total: 2,
  sums: { rows: 2, amount: 1_000_000, fees: 35_000 },
  odd: [],
  twice: [],
};
const kindsOf = (change: Partial<PayoutComparison>) => comparePayout({ ...RIGHT, ...change }).map(({ kind }) => kind);

describe('a payout', () => {
  test('is proved when its rows, amounts, fees and net agree', () => {
    expect(comparePayout(RIGHT)).toEqual([]);
  });

  test.each<[string, Partial<PayoutComparison>, string[]]>([
    ['a row is missing', { sums: { rows: 1, amount: 500_000, fees: 17_500 } }, ['rows', 'gross', 'fees']],
    ['a row of nothing is missing', { total: 3 }, ['rows']],
    ['nobody says how many rows there are', { total: null }, ['rows_unknown']],
    ['an amount is other', { sums: { rows: 2, amount: 1_000_001, fees: 35_000 } }, ['gross']],
    ['a fee is other', { sums: { rows: 2, amount: 1_000_000, fees: 34_999 } }, ['fees']],
    ['less reached the bank', { payout: { ...RIGHT.payout, net: 864_999 } }, ['net']],
    ['more was deducted than it says', { payout: { ...RIGHT.payout, deductions: 99_999 } }, ['net']],
    [
      'we captured another amount',
      { odd: [{ reference: 'ord-A-1', amount: 500_000, captured: 400_000, currency: 'NGN' }] },
      ['captured'],
    ],
    ['a charge is of another currency', { odd: [{ reference: 'till-1', amount: 5, currency: 'USD' }] }, ['currency']],
    ['another payout has a charge', { twice: [{ reference: 'ord-A-1', payoutId: '1', amount: 5 }] }, ['paid_twice']],
  ])('differs when %s', (_, change, kinds) => {
    expect(kindsOf(change)).toEqual(kinds);
  });
});

describe('three business days ago, in Lagos,', () => {
  test.each([
    ['on a Friday', '2026-11-27T09:00:00Z', '2026-11-23T23:00:00.000Z'],
    ['on a Sunday', '2026-11-29T09:00:00Z', '2026-11-24T23:00:00.000Z'],
    ['on a Monday', '2026-11-30T09:00:00Z', '2026-11-24T23:00:00.000Z'],
    ['just before midnight', '2026-11-26T22:59:59Z', '2026-11-22T23:00:00.000Z'],
    ['just after midnight', '2026-11-26T23:00:00Z', '2026-11-23T23:00:00.000Z'],
  ])('is %s the begin of the third business day before', (_, now, expected) => {
    expect(businessDaysAgo(new Date(now), 3, 'Africa/Lagos').toISOString()).toBe(expected);
  });
});

describe('a charge in no payout', () => {
  const paidAt = new Date('2026-11-20T10:00:00Z');
  const charge = {
    reference: 'ord-A-1',
    status: 'succeeded',
    createdAt: paidAt,
    domain: 'live',
    amount: 500_000,
    currency: 'NGN',
    paidAt,
  } as const;
  const order = {
    _id: new Types.ObjectId(),
    payments: [{ ...charge }],
    refunds: [],
    disputes: [],
    currency: 'NGN',
  } as const;
  const scope = { since: new Date('2026-11-01'), domain: 'live' } as const;
  const expected = (change: object, changedScope: object = {}) =>
    heldCharges(
      { ...order, payments: [{ ...charge, ...change }], refunds: [], disputes: [] },
      { ...scope, ...changedScope },
    ).length;

  test('is expected in a payout if it is held, of our key, and of a time whose payouts are known', () => {
    expect(expected({})).toBe(1);
    expect(expected({ status: 'failed' })).toBe(0);
    expect(expected({ domain: 'test' })).toBe(0);
    expect(expected({}, { since: new Date('2026-11-20T10:00:01Z') })).toBe(0);
  });

  test('is expected in none when all of it has gone back', () => {
    const lost = { disputeId: '1', reference: 'ord-A-1', state: 'lost', openedAt: paidAt } as const;
    expect(heldCharges({ ...order, payments: [{ ...charge }], refunds: [], disputes: [lost] }, scope)).toEqual([]);
  });
});

describe('a row that cannot be read', () => {
  const now = new Date();
  const reading = (unread: string[], read: string[] = []) => ({
    read: new Set(read),
    unread: new Map(unread.map((id) => [id, 'malformed'])),
    now,
  });
  const NOTHING: UnreadState = { unread: [], setAside: [] };

  test('keeps the checkpoint for seven passes, and is set aside at the eighth', () => {
    let state: UnreadState = NOTHING;
    for (let pass = 1; pass < MAX_UNREAD_PASSES; pass += 1) {
      const after = afterPass(state, reading(['a']));
      expect(after).toMatchObject({ moves: false, added: [], unread: [{ id: 'a', passes: pass }] });
      state = after;
    }
    expect(afterPass(state, reading(['a']))).toMatchObject({ moves: true, unread: [], added: [{ id: 'a', at: now }] });
  });

  test('counts anew after it was read, and leaves the rows set aside once it is read', () => {
    const seven = {
      unread: [{ id: 'a', passes: 7, error: 'malformed' }],
      setAside: [{ id: 'b', error: 'x', at: now }],
    };
    expect(afterPass(seven, reading([], ['a', 'b']))).toMatchObject({ moves: true, unread: [], setAside: [] });
    expect(afterPass(afterPass(seven, reading([], ['a'])), reading(['a'])).unread).toMatchObject([{ passes: 1 }]);
    expect(afterPass(seven, reading(['b'], ['a']))).toMatchObject({ moves: true, setAside: [{ id: 'b' }], added: [] });
  });

  test('keeps the checkpoint when a hundred are set aside already', () => {
    const setAside = Array.from({ length: MAX_SET_ASIDE }, (_, n) => ({ id: `row-${n}`, error: 'malformed', at: now }));
    const full: UnreadState = { unread: [{ id: 'a', passes: 7, error: 'malformed' }], setAside };
    expect(afterPass(full, reading(['a']))).toMatchObject({
      moves: false,
      added: [],
      unread: [{ id: 'a', passes: 8 }],
    });
  });
});
