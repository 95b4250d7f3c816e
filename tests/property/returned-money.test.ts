/**
 * Random histories of what goes back of one charge: part refunds, second copies, refunds at Paystack's dashboard, disputes,
 * `reversed` at any time, failures, payments elsewhere. The history states what was returned, and the rest stays refundable.
 */
import { expect, test } from '@jest/globals';
import { randomRuns, sameRuns } from '../support/property-runs.ts';
import { ReturnedBooks } from '../support/returned-books.ts';
import { expectTrue, moneyOf, playHistories } from '../support/returned-histories.ts';

test('in random histories what is told is what was returned, each subunit once, and the rest stays refundable', () => {
  playHistories(randomRuns(200));
}, 60_000);

test('the random histories come to an excess, to a full return, to a rest and to a review', () => {
  const reached = playHistories(sameRuns(150));
  for (const what of ['excess', 'ended', 'rest', 'review'])
    expect([what, (reached[what] ?? 0) > 0]).toEqual([what, true]);
});

test('the twin of a part refund counts and is told', () => {
  const books = new ReturnedBooks();
  books.requestRefund(500);
  books.workOnRefunds();
  books.copyOfOurs(0);
  books.rest();
  expect(moneyOf(books)).toMatchObject({ byRefund: 1_000, left: 10_000 });
  expect(books.order.history.filter(({ type }) => type === 'refund_processed')).toHaveLength(2);
  expectTrue(books);
});

test.each(['before', 'after'] as const)(
  'the money of a dispute that also comes as a refund counts once (%s it)',
  (when) => {
    const books = new ReturnedBooks();
    const { disputeId } = books.openDispute(4_000);
    books.tellOfDisputes();
    if (when === 'before') {
      books.refundAtPaystack(4_000, null, disputeId);
      books.sayReversed();
    }
    books.endDispute(0, 'merchant-accepted', when === 'after');
    books.sayReversed();
    books.rest();
    expect(moneyOf(books)).toMatchObject({ byRefund: 0, byDispute: 4_000, left: 7_000, excess: 0 });
    expect(books.order).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  },
);

test('more back than was captured is shown capped, and marked', () => {
  const books = new ReturnedBooks();
  books.requestRefund(500);
  books.rest();
  books.openDispute(null);
  books.endDispute(0, 'merchant-accepted', true);
  books.readReturns();
  expect(moneyOf(books)).toMatchObject({ byRefund: 500, byDispute: 11_000, held: 0, left: 0, excess: 500 });
  expect(books.order.excessSince).toBeDefined();
  expect(books.order.status).toBe('refunded');
});
