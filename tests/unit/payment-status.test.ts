/** The payment status of an order follows from its charges and refunds. */
import { describe, expect, test } from '@jest/globals';
import { deriveRefundDueAt } from '../../models/order/money/open-refunds.ts';
import type { Order } from '../../models/order/order-document.ts';
import {
  committedRefunds,
  derivePaymentStatus,
  deriveReviewSince,
  findLeadingCharge,
  hasRefundInFlight,
  processedRefunds,
} from '../../models/order/payment-status.ts';
import { aCharge, aConfirmedOrder, anOrder, aRefund, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const later = (seconds: number) => new Date(PLACED_AT.getTime() + seconds * 1000);
const open = { cause: 'underpaid' as const, openedAt: PLACED_AT };
const closed = { ...open, resolvedAt: later(1), resolution: 'accepted' as const };
const second = 'ord-CODE23456789-2';

describe('the payment status', () => {
  test.each<[string, Partial<Order>, Order['paymentStatus']]>([
    ['paid by its charge', {}, 'paid'],
    ['in review while a person has yet to decide', { payments: [aCharge({ review: open })] }, 'review'],
    ['paid again once the review was accepted', { payments: [aCharge({ review: closed })] }, 'paid'],
    ['refunding while a refund is under way', { refunds: [aRefund()] }, 'refunding'],
    ['refunding while a refund needs attention', { refunds: [aRefund({ state: 'needs_attention' })] }, 'refunding'],
    ['paid when the only refund failed', { refunds: [aRefund({ state: 'failed' })] }, 'paid'],
    ['partially refunded by a part', { refunds: [aRefund({ state: 'processed', amount: 1 })] }, 'partially_refunded'],
    ['refunded by the whole', { refunds: [aRefund({ state: 'processed' })] }, 'refunded'],
    [
      'refunded by parts that add up',
      {
        refunds: [
          aRefund({ state: 'processed', amount: 10_999 }),
          aRefund({ state: 'processed', amount: 1, refundId: 'r2' }),
        ],
      },
      'refunded',
    ],
    [
      'refunded when Paystack took the charge back',
      { payments: [aCharge({ status: 'reversed', review: closed })] },
      'refunded',
    ],
    [
      "untouched by another charge's refund",
      { payments: [aCharge(), aCharge({ reference: second })], refunds: [aRefund({ reference: second })] },
      'paid',
    ],
    [
      "untouched by another charge's review",
      { payments: [aCharge(), aCharge({ reference: second, review: open })] },
      'paid',
    ],
  ])('is %s', (_, overrides, status) => expect(derivePaymentStatus(aConfirmedOrder(overrides))).toBe(status));

  test('is unpaid without a charge', () => expect(derivePaymentStatus(anOrder())).toBe('unpaid'));

  test('speaks of the last charge that brought money while none pays', () => {
    const payments = [
      aCharge(),
      aCharge({ reference: second }),
      { reference: 'third', status: 'created' as const, createdAt: PLACED_AT },
    ];
    expect(findLeadingCharge(anOrder({ payments }))?.reference).toBe(second);
  });
});

test('a failed refund can be made again; every other one counts against what is left, per charge', () => {
  const refunds = [
    aRefund({ amount: 100, state: 'failed' }),
    aRefund({ amount: 20, state: 'processed', refundId: 'r2' }),
    aRefund({ amount: 3, state: 'needs_attention', refundId: 'r3' }),
    aRefund({ amount: 5_000, reference: second, refundId: 'r4' }),
  ];
  const order = aConfirmedOrder({ refunds });
  expect(committedRefunds(order, REFERENCE)).toBe(23);
  expect(processedRefunds(order, REFERENCE)).toBe(20);
  expect(hasRefundInFlight(order, REFERENCE)).toBe(true);
  expect(hasRefundInFlight(order, 'ord-CODE23456789-9')).toBe(false);
});

test('what awaits a person is dated by the oldest open review, and by none once all are closed', () => {
  const reviews = [later(9), later(3)].map((openedAt) => aCharge({ review: { cause: 'underpaid', openedAt } }));
  expect(deriveReviewSince({ payments: [aCharge({ review: closed }), ...reviews] })).toEqual(later(3));
  expect(deriveReviewSince({ payments: [aCharge({ review: closed }), aCharge()] })).toBeUndefined();
});

test('refund work is due with the first open refund: at its own time, or at once when it has none', () => {
  const waiting = aRefund({ state: 'pending', gatewayRefundId: '1', dueAt: later(60) });
  const ended = aRefund({ state: 'processed', dueAt: later(-60) });
  expect(deriveRefundDueAt({ refunds: [waiting, ended] })).toEqual(later(60));
  expect(deriveRefundDueAt({ refunds: [waiting, aRefund({ requestedAt: later(5) })] })).toEqual(later(5));
  expect(deriveRefundDueAt({ refunds: [ended] })).toBeUndefined();
});
