/** The audit's reading of a charge: its money is in exactly one place, or unaccounted for. */
import { expect, test } from '@jest/globals';
import { type ChargeState, findChargeState, refundLimitCheck, rightlyPaidCheck } from '../../models/audit/money.ts';
import type { Order, PaymentAttempt } from '../../models/order/order-document.ts';
import { aCharge, aConfirmedOrder, anOrder, aRefund, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const scope = { now: PLACED_AT, graceMs: 0, since: null, domain: 'test' as const };
const inspect = (check: typeof refundLimitCheck, order: Order) =>
  check.inspect({ order, emails: [], movements: [] }, scope);
const second = aCharge({ reference: 'ord-CODE23456789-2' });
const open = { cause: 'underpaid' as const, openedAt: PLACED_AT };
const lost = [{ disputeId: 'd', reference: REFERENCE, state: 'lost' as const, openedAt: PLACED_AT }];
const cancelled = (refunds: Order['refunds']) => aConfirmedOrder({ status: 'cancelled', refunds });

test.each<[string, Order, PaymentAttempt, ChargeState | null]>([
  ['pays a confirmed order', aConfirmedOrder(), aCharge(), 'pays'],
  ['pays an order that was refunded', aConfirmedOrder({ status: 'refunded', refunds: [aRefund()] }), aCharge(), 'pays'],
  ['waits on a pending order', aConfirmedOrder({ status: 'pending' }), aCharge(), 'waits'],
  ['is in review', anOrder({ payments: [aCharge({ review: open })] }), aCharge({ review: open }), 'inReview'],
  ['goes back from a cancelled order', cancelled([aRefund()]), aCharge(), 'owedBack'],
  ['went back in parts', cancelled([aRefund({ amount: 1 }), aRefund({ amount: 10_999 })]), aCharge(), 'owedBack'],
  ['is owed back although the refund failed', cancelled([aRefund({ state: 'failed' })]), aCharge(), 'owedBack'],
  [
    'is not owed back by a failed refund that a smaller one replaced',
    cancelled([aRefund({ state: 'failed' }), aRefund({ refundId: 'r2', amount: 1, replaces: 'r1' })]),
    aCharge(),
    null,
  ],
  ['is unaccounted for on a cancelled order without a refund', cancelled([]), aCharge(), null],
  ['is unaccounted for when too little goes back', cancelled([aRefund({ amount: 10_999 })]), aCharge(), null],
  [
    'goes back as the second charge',
    aConfirmedOrder({ refunds: [aRefund({ reference: second.reference })] }),
    second,
    'owedBack',
  ],
  ['is unaccounted for as a second charge without a refund', aConfirmedOrder(), second, null],
  ['is unaccounted for on a pending order that it does not pay', anOrder({ payments: [aCharge()] }), aCharge(), null],
  ['pays an order that lost it in a dispute', aConfirmedOrder({ disputes: lost }), aCharge(), 'pays'],
  ['is owed back by a dispute', aConfirmedOrder({ status: 'cancelled', disputes: lost }), aCharge(), 'owedBack'],
  [
    'is in review while its reversal is looked into',
    anOrder({ payments: [aCharge({ reversal: { askAt: PLACED_AT } })] }),
    aCharge({ reversal: { askAt: PLACED_AT } }),
    'inReview',
  ],
])('a charge %s', (_, order, charge, state) => expect(findChargeState(order, charge)).toBe(state));

test('a confirmed order without a charge, or with one that nobody accepted, was not rightly paid', () => {
  expect(inspect(rightlyPaidCheck, aConfirmedOrder())).toEqual([]);
  expect(inspect(rightlyPaidCheck, anOrder())).toEqual([]);
  const { paidReference: _, ...unpaid } = aConfirmedOrder();
  expect(inspect(rightlyPaidCheck, unpaid)).toEqual(['was confirmed without a charge']);
  const short = aCharge({ amount: 10_999 });
  expect(inspect(rightlyPaidCheck, aConfirmedOrder({ payments: [short] }))).toHaveLength(1);
  const statuses = { status: 'pending' as const, paymentStatus: 'paid' as const };
  const accepted = {
    ...{ seq: 2, at: PLACED_AT, actor: 'staff:1' as const, from: statuses, to: statuses },
    ...{ type: 'review_accepted' as const, data: { reference: REFERENCE } },
  };
  expect(inspect(rightlyPaidCheck, aConfirmedOrder({ payments: [short], history: [accepted] }))).toEqual([]);
});

test('refunds are limited by each charge, not by all of them together', () => {
  const order = aConfirmedOrder({
    payments: [aCharge(), second],
    refunds: [aRefund({ amount: 11_001, state: 'processed' })],
  });
  expect(inspect(refundLimitCheck, order)).toEqual([expect.stringContaining('11001 is refunded')]);
  expect(inspect(refundLimitCheck, aConfirmedOrder({ refunds: [aRefund({ reference: 'other' })] }))).toEqual([
    'refund r1 is of an unknown charge other',
  ]);
});
