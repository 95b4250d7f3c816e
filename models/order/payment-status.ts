/**
 * What follows from an order's attempts and refunds: where its money is. Pure, and the only place that says so;
 * models/order/change-order stores the answer with every change, for queries and for people.
 */

import { type Currency, findCurrency } from '../money.ts';
import type { Order, PaymentAttempt, Refund } from './order-document.ts';
import { isRefundOpen, type PaymentStatus } from './status.ts';

type Money = Pick<Order, 'payments' | 'refunds' | 'paidReference'>;

/** True while a person has yet to decide about this attempt's money. */
export function isInReview(attempt: PaymentAttempt): boolean {
  return attempt.review !== undefined && attempt.review.resolvedAt === undefined;
}

/** The charge that the order's payment status speaks of: the one that pays it, else the last that brought money. */
export function findLeadingCharge(order: Money): PaymentAttempt | null {
  if (order.paidReference !== undefined) return findAttempt(order, order.paidReference);
  return order.payments.findLast(({ amount }) => amount !== undefined) ?? null;
}

export function findAttempt(order: Pick<Order, 'payments'>, reference: string): PaymentAttempt | null {
  return order.payments.find((attempt) => attempt.reference === reference) ?? null;
}

/** What a charge was captured in, and goes back in: not always the order's currency, where it is in review. */
export function currencyOfCharge(order: Pick<Order, 'payments' | 'currency'>, reference: string): Currency {
  return findCurrency(findAttempt(order, reference)?.currency) ?? order.currency;
}

/** True while a dispute of this charge stands: a bank may yet take the money, so none of it is given back meanwhile. */
export function isDisputed(order: Pick<Order, 'disputes'>, reference: string): boolean {
  return order.disputes.some((dispute) => dispute.reference === reference && dispute.state === 'open');
}

/** True once a bank has taken this charge's money for good: there is nothing left to give back. */
export function isLostInDispute(order: Pick<Order, 'disputes'>, reference: string): boolean {
  return order.disputes.some((dispute) => dispute.reference === reference && dispute.state === 'lost');
}

/** Σ of the charge's refunds that Paystack has processed, in subunits. */
export function processedRefunds(order: Pick<Order, 'refunds'>, reference: string): number {
  return refundedSum(order, reference, (state) => state === 'processed');
}

/** Σ of the charge's refunds that have not failed, in subunits: what can no longer be refunded. */
export function committedRefunds(order: Pick<Order, 'refunds'>, reference: string): number {
  return refundedSum(order, reference, (state) => state !== 'failed');
}

function refundedSum(
  order: Pick<Order, 'refunds'>,
  reference: string,
  counts: (state: Order['refunds'][number]['state']) => boolean,
): number {
  return order.refunds
    .filter((refund) => refund.reference === reference && counts(refund.state))
    .reduce((total, refund) => total + refund.amount, 0);
}

/** True when a refund of this charge has yet to end: no second one may be started. */
export function hasRefundInFlight(order: Pick<Order, 'refunds'>, reference: string): boolean {
  return order.refunds.some((refund) => refund.reference === reference && isRefundOpen(refund.state));
}

export function derivePaymentStatus(order: Money): PaymentStatus {
  const charge = findLeadingCharge(order);
  if (charge?.amount === undefined) return 'unpaid';
  if (isInReview(charge)) return 'review';
  if (charge.status === 'reversed') return 'refunded';
  const processed = processedRefunds(order, charge.reference);
  if (processed >= charge.amount) return 'refunded';
  if (hasRefundInFlight(order, charge.reference)) return 'refunding';
  return processed > 0 ? 'partially_refunded' : 'paid';
}

/** Since when money awaits a person, over all attempts; undefined when none does. */
export function deriveReviewSince(order: Pick<Order, 'payments'>): Date | undefined {
  return order.payments
    .filter(isInReview)
    .map((attempt) => attempt.review?.openedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}

/** When the first of the open refunds wants work; undefined when none is open. */
export function deriveRefundDueAt(order: Pick<Order, 'refunds'>): Date | undefined {
  return order.refunds
    .filter(({ state }) => isRefundOpen(state))
    .map(({ dueAt, requestedAt }) => dueAt ?? requestedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}

/** True for a refund that failed, nobody asked for another, and its charge is not back by another way. */
export function isFailureOwed(order: Pick<Order, 'payments' | 'disputes'>, refund: Refund): boolean {
  if (refund.state !== 'failed' || refund.replacedBy !== undefined) return false;
  const reversed = findAttempt(order, refund.reference)?.status === 'reversed';
  return !reversed && !isLostInDispute(order, refund.reference);
}

/** Since when a refund awaits a person: it failed and its money is still owed, or it needs attention. */
export function deriveRefundAttentionSince(order: Pick<Order, 'refunds' | 'payments' | 'disputes'>): Date | undefined {
  return order.refunds
    .filter((refund) => refund.state === 'needs_attention' || isFailureOwed(order, refund))
    .map(({ requestedAt }) => requestedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}
