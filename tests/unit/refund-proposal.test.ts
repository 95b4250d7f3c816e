import { describe, expect, test } from '@jest/globals';
import { proposeRefund } from '../../models/contract/staff/refund-proposal.ts';
import { isInFlight, workableRefunds } from '../../models/order/money/open-refunds.ts';
import { aRefund } from '../support/an-order.ts';

/** Three units at 5,000, of which one was sent, two at 2,000, and 1,000 for the delivery. */
const ORDER = {
  lines: [
    { lineId: 1, unitPrice: 5_000, toShip: 2, withCustomer: 1 },
    { lineId: 2, unitPrice: 2_000, toShip: 2, withCustomer: 0 },
  ],
  shippingFee: 1_000,
  deliveryRefunded: false,
  left: 20_000,
};
const units = (lineId: number, unshipped: number, shipped = 0) => ({ lineId, unshipped, shipped });

describe('the proposed amount of a refund', () => {
  test.each([
    ['nothing chosen', [], false, { items: 0, delivery: 0, amount: 20_000, isAll: false }],
    ['the delivery alone', [], true, { items: 0, delivery: 1_000, amount: 1_000, isAll: false }],
    ['units before and after shipping', [units(1, 1, 1), units(2, 1)], false, { items: 12_000, amount: 12_000 }],
    ['units and the delivery', [units(2, 2)], true, { items: 4_000, delivery: 1_000, amount: 5_000, isAll: false }],
    ['every unit, the delivery kept', [units(1, 2, 1), units(2, 2)], false, { amount: 19_000, isAll: false }],
    ['every unit and the delivery', [units(1, 2, 1), units(2, 2)], true, { amount: 20_000, isAll: true }],
  ] as const)('%s', (_, lines, delivery, expected) => {
    expect(proposeRefund(ORDER, { lines, delivery })).toMatchObject(expected);
  });

  test('is never above what is left, and with the last unit and the delivery all of it, also when that is more', () => {
    const all = { lines: [units(1, 2, 1), units(2, 2)], delivery: true };
    expect(proposeRefund({ ...ORDER, left: 3_000 }, { lines: [units(1, 1)], delivery: false }).amount).toBe(3_000);
    expect(proposeRefund({ ...ORDER, left: 21_500 }, all)).toMatchObject({ amount: 21_500, isAll: true });
    const refundedBefore = { ...ORDER, deliveryRefunded: true, left: 18_000 };
    expect(proposeRefund(refundedBefore, { ...all, delivery: false })).toMatchObject({ amount: 18_000, isAll: true });
  });
});

describe('the refunds of one charge take turns at Paystack', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute));
  const ids = (refunds: ReturnType<typeof aRefund>[]) => workableRefunds({ refunds }).map(({ refundId }) => refundId);

  test('of those that Paystack has not accepted, the oldest is worked on, and accepted ones beside it', () => {
    const accepted = aRefund({ refundId: 'a', state: 'pending', gatewayRefundId: '1' });
    expect(ids([accepted, aRefund({ refundId: 'b' }), aRefund({ refundId: 'c' })])).toEqual(['a', 'b']);
    expect(ids([aRefund({ refundId: 'b' }), aRefund({ refundId: 'c', reference: 'other' })])).toEqual(['b', 'c']);
  });

  test('one that was sent goes first, because its outcome may be unknown', () => {
    expect(ids([aRefund({ refundId: 'b' }), aRefund({ refundId: 'c', sentAt: at(1) })])).toEqual(['c']);
  });

  test('ended ones, and those that need attention, give way', () => {
    const refused = aRefund({ refundId: 'a', state: 'needs_attention' });
    expect(ids([refused, aRefund({ refundId: 'b' }), aRefund({ refundId: 'd', state: 'failed' })])).toEqual(['a', 'b']);
    expect(isInFlight(refused)).toBe(false);
  });
});
