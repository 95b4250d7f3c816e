/** Random histories of what goes back of one charge, and what must be true at each step and at rest. */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { refundedStatusCheck, returnedLimitCheck, returnedToldCheck } from '../../models/audit/money.ts';
import { isDisputed } from '../../models/dispute/open-disputes.ts';
import { hasRefundInFlight, isInReview } from '../../models/order/payment-status.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { PLACED_AT, REFERENCE } from './an-order.ts';
import { ReturnedBooks } from './returned-books.ts';

type Step = readonly [name: string, act: (books: ReturnedBooks) => void];

const amount = fc.constantFrom(1, 500, 3_000, 11_000);
const n = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.option(amount).map((of): Step => [`refund ${of ?? 'the rest'}`, (w) => void w.requestRefund(of ?? undefined)]),
  fc.constant<Step>(['work', (w) => w.workOnRefunds()]),
  fc.constant<Step>(['work', (w) => w.workOnRefunds()]),
  amount.map((of): Step => [`at the dashboard ${of}`, (w) => w.refundAtPaystack(of)]),
  n.map((of): Step => [`twin of ${of}`, (w) => w.copyOfOurs(of)]),
  fc
    .tuple(
      n,
      fc.constantFrom('processed' as const, 'processed' as const, 'failed' as const, 'needs-attention' as const),
    )
    .map(([of, end]): Step => [`refund ${of} ${end}`, (w) => w.endRefundAtPaystack(of, end)]),
  fc.option(amount).map((of): Step => [`dispute ${of ?? 'all'}`, (w) => void w.openDispute(of)]),
  fc
    .tuple(n, fc.constantFrom('declined' as const, 'merchant-accepted' as const), fc.boolean())
    .map(([of, end, repeats]): Step => [`dispute ${of} ${end}, ${repeats}`, (w) => w.endDispute(of, end, repeats)]),
  n.map((of): Step => [`reopen ${of}`, (w) => w.reopenDispute(of)]),
  fc.constant<Step>(['webhooks of disputes', (w) => w.tellOfDisputes()]),
  fc.constant<Step>(['read', (w) => w.readReturns()]),
  fc.constant<Step>(['reversed', (w) => w.sayReversed()]),
  fc.constant<Step>(['reversed', (w) => w.sayReversed()]),
  amount.map((of): Step => [`elsewhere ${of}`, (w) => void w.payElsewhere(of)]),
  amount.map((of): Step => [`staff say ${of}`, (w) => void w.answerReview(of)]),
  fc.constantFrom(1, 3).map((minutes): Step => [`${minutes} min`, (w) => w.pass(minutes)]),
);

const scope = { now: PLACED_AT, graceMs: 0, since: null, domain: 'test' as const };

export function expectTrue(books: ReturnedBooks): void {
  const records = { order: books.order, emails: [], movements: [] };
  for (const check of [returnedToldCheck, returnedLimitCheck, refundedStatusCheck])
    expect([check.name, check.inspect(records, scope)]).toEqual([check.name, []]);
}

export function moneyOf({ order }: ReturnedBooks) {
  const [charge] = order.payments;
  if (!charge) throw new Error('the order has one charge');
  return { charge, ...returnedMoney(order, charge) };
}

/**
 * The history states what was returned, each subunit once, and the rest stays refundable.
 * Returns how often the histories came to what is rare.
 */
export function playHistories(runs: fc.Parameters<[Step[]]>): Readonly<Record<string, number>> {
  const reached = { excess: 0, ended: 0, rest: 0, review: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const books = new ReturnedBooks();
      for (const [, act] of steps) {
        act(books);
        expectTrue(books);
        const { charge } = moneyOf(books);
        if (isInReview(charge)) reached.review += 1;
      }
      books.rest();
      expectTrue(books);
      const { byRefund, byDispute, elsewhere, left, excess, captured } = moneyOf(books);
      // Paystack's own books, and what staff entered where they say nothing.
      const entered = books.order.refunds
        .filter((refund) => refund.cause === 'external' && !refund.gatewayRefundId && refund.state === 'processed')
        .reduce((total, refund) => total + refund.amount, 0);
      expect(byDispute).toBe(books.lost);
      expect(byRefund).toBe(books.refunded + entered);
      expect(left).toBe(Math.max(0, captured - byRefund - byDispute - elsewhere));
      if (excess > 0) reached.excess += 1;
      if (books.order.status === 'refunded') reached.ended += 1;
      if (left === 0 || excess > 0 || entered > 0 || books.order.status === 'refunded') return;
      reached.rest += 1;
      expect(isDisputed(books.order, REFERENCE)).toBe(false);
      expect(hasRefundInFlight(books.order, REFERENCE)).toBe(false);
      expect(books.requestRefund(undefined)).toBe(true);
      books.rest();
      expectTrue(books);
      expect(books.order).toMatchObject({ status: 'refunded', paymentStatus: 'refunded' });
    }),
    runs,
  );
  return reached;
}
