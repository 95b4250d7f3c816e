/** Support gives back no more on one order than its limit, all acts together; the acts of others do not count. */
import { expect, test } from '@jest/globals';
import { decideCancel } from '../../models/fulfilment/cancel-order.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { RefundLimitError, withinRefundLimit } from '../../models/refund/refund-limit.ts';
import { decideRefund } from '../../models/refund/request-refund.ts';
import { actionsOf } from '../../models/staff-actions/order-actions.ts';
import { aCharge, anOrder, aRefund, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const by = { actor: 'staff:1', refundId: 'new', note: 'scratched', now: PLACED_AT } as const;
const CHARGED = 11_000;

const paid = (refunds: Partial<Refund>[] = [], changes: Partial<Order> = {}): Order =>
  anOrder({
    status: 'confirmed',
    payments: [aCharge({ amount: CHARGED })],
    paidReference: REFERENCE,
    paymentStatus: 'paid',
    refunds: refunds.map((refund, index) => aRefund({ refundId: `r${index}`, reference: REFERENCE, ...refund })),
    ...changes,
  });

const refund = (order: Order, amount: number, limit?: number) =>
  withinRefundLimit((of) => decideRefund(of, { ...by, lines: [], delivery: false, amount }), limit)(order);
const given = { state: 'processed', amount: 3_000 } as const;

test('a refund within the limit is marked, so that the next one counts it', () => {
  expect(refund(paid(), 5_000, 5_000)?.set?.refunds).toMatchObject([{ amount: 5_000, countsToLimit: true }]);
  expect(refund(paid(), 5_000)?.set?.refunds?.[0]).not.toHaveProperty('countsToLimit');
});

test.each<[string, Partial<Refund>[], number]>([
  ['nothing was given back', [], 5_000],
  ['support gave some back', [{ ...given, countsToLimit: true }], 2_000],
  [
    'support gave back twice',
    [
      { ...given, countsToLimit: true },
      { ...given, amount: 1_500, countsToLimit: true },
    ],
    500,
  ],
  ['others gave it back', [given], 5_000],
])('of a limit of 5,000 the rest is left when %s', (_when, refunds, left) => {
  const order = paid(refunds);
  expect(refund(order, left, 5_000)).not.toBeNull();
  expect(() => refund(order, left + 1, 5_000)).toThrow(RefundLimitError);
  expect(() => refund(order, left + 1, 5_000)).toThrow(/₦50\.00 on one order/);
});

test('a refund that failed has given nothing back', () => {
  const order = paid([{ ...given, state: 'failed', countsToLimit: true }]);
  expect(refund(order, 5_000, 5_000)).not.toBeNull();
});

test('a cancellation counts with what it gives back, and without a payment it is free', () => {
  const cancel = (order: Order, limit: number) =>
    withinRefundLimit((of) => decideCancel(of, { ...by, reason: 'by_staff' }), limit)(order);
  expect(() => cancel(paid(), CHARGED - 1)).toThrow(RefundLimitError);
  expect(cancel(paid(), CHARGED)?.set?.refunds).toMatchObject([{ amount: CHARGED, countsToLimit: true }]);
  expect(cancel(anOrder({ status: 'pending' }), 0)).not.toBeNull();
});

test('a charge in another currency than the order has no limit to compare with', () => {
  const order = paid([], { payments: [aCharge({ amount: CHARGED, currency: 'USD' })] });
  expect(() => refund(order, 1, 5_000)).toThrow(/another currency/);
});

test('the list offers a refund while something of the limit is left, and a cancellation only if all of it fits', () => {
  const offered = (order: Order, refundLimit?: number) => {
    const actions = actionsOf(order, { now: PLACED_AT, role: 'support', refundLimit, domain: 'test', emails: [] });
    const of = (name: string) => actions.find(({ action, target }) => action === name && target === null);
    return [of('refund'), of('cancel')].map((state) => state?.allowed);
  };
  expect(offered(paid())).toEqual([true, true]);
  expect(offered(paid(), 5_000)).toEqual([true, false]);
  expect(offered(paid([{ ...given, countsToLimit: true }]), 3_000)).toEqual([false, false]);
});
