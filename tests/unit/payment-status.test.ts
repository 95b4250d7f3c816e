/** The payment status of an order follows from its charges and refunds. */
import { describe, expect, test } from '@jest/globals';
import { deriveRefundDueAt } from '../../models/order/money/open-refunds.ts';
import type { Order } from '../../models/order/order-document.ts';
import {
  derivePaymentStatus,
  deriveReviewSince,
  findLeadingCharge,
  hasRefundInFlight,
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
    ['paid although Paystack calls it reversed', { payments: [aCharge({ reversal: { askAt: later(1) } })] }, 'paid'],
    [
      'in review on a pending order whose charge Paystack calls reversed',
      { status: 'pending', payments: [aCharge({ reversal: { askAt: later(1) } })] },
      'review',
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

test('a refund that needs attention is still in flight, and only on its own charge', () => {
  const order = aConfirmedOrder({ refunds: [aRefund({ state: 'needs_attention' })] });
  expect(hasRefundInFlight(order, REFERENCE)).toBe(true);
  expect(hasRefundInFlight(order, second)).toBe(false);
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
