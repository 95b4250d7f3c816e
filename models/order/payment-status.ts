/** The state of an order's money, derived from its attempts, refunds and disputes. Pure. */
import type { Currency } from '../contract/money.ts';
import type { PaymentStatus } from '../contract/statuses.ts';
import { findCurrency } from '../money.ts';
import type { Dispute, Order, PaymentAttempt, Refund } from './order-document.ts';
import { isRefundOpen } from './status.ts';

type Money = Pick<Order, 'payments' | 'refunds' | 'paidReference'>;

/** True while staff have yet to decide about this attempt's money. */
export function isInReview(attempt: PaymentAttempt): boolean {
  return attempt.review !== undefined && attempt.review.resolvedAt === undefined;
}

/** The charge that the payment status is derived from: the one that pays the order, else the last captured one. */
export function findLeadingCharge(order: Money): PaymentAttempt | null {
  if (order.paidReference !== undefined) return findPayingCharge(order);
  return order.payments.findLast(({ amount }) => amount !== undefined) ?? null;
}

/** The charge at paidReference; null while none pays the order. */
export function findPayingCharge(order: Pick<Order, 'payments' | 'paidReference'>): PaymentAttempt | null {
  return order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
}

export function findAttempt(order: Pick<Order, 'payments'>, reference: string): PaymentAttempt | null {
  return order.payments.find((attempt) => attempt.reference === reference) ?? null;
}

/** The currency a charge was captured in and is refunded in. In a review it may differ from the order's. */
export function currencyOfCharge(order: Pick<Order, 'payments' | 'currency'>, reference: string): Currency {
  return findCurrency(findAttempt(order, reference)?.currency) ?? order.currency;
}

/** True while any charge of the order is disputed. */
export function hasOpenDispute(order: Pick<Order, 'disputes'>): boolean {
  return order.disputes.some(isOpenDispute);
}

/** True while a dispute of this charge is open: a bank may yet take the money, so none of it is refunded meanwhile. */
export function isDisputed(order: Pick<Order, 'disputes'>, reference: string): boolean {
  return order.disputes.some((dispute) => dispute.reference === reference && isOpenDispute(dispute));
}

export function isOpenDispute({ state }: Pick<Dispute, 'state'>): boolean {
  return state === 'open';
}

/** True once a bank has taken this charge's money for good: there is nothing left to refund. */
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

/** Subunits of the charge that no refund has claimed: 0 or less when all of it is refunded or on its way. */
export function leftOfCharge(order: Pick<Order, 'refunds'>, { reference, amount = 0 }: PaymentAttempt): number {
  return amount - committedRefunds(order, reference);
}

function refundedSum(
  order: Pick<Order, 'refunds'>,
  reference: string,
  counts: (state: Refund['state']) => boolean,
): number {
  return order.refunds
    .filter((refund) => refund.reference === reference && counts(refund.state))
    .reduce((total, refund) => total + refund.amount, 0);
}

/** True while a refund of this charge is open: no second one may be started. */
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

/** How long Paystack waits for an answer if it names no deadline; it decides after some 24 hours. */
const ANSWER_WITHIN_MS = 16 * 3600_000;

/** When the first of the open disputes must be answered; undefined while none is open. */
export function deriveDisputeAnswerBy(order: Pick<Order, 'disputes'>): Date | undefined {
  return order.disputes
    .filter(isOpenDispute)
    .map(({ answerBy, openedAt }) => answerBy ?? new Date(openedAt.getTime() + ANSWER_WITHIN_MS))
    .sort((a, b) => Number(a) - Number(b))[0];
}

/** When the oldest open review was opened; undefined when none is open. */
export function deriveReviewSince(order: Pick<Order, 'payments'>): Date | undefined {
  return order.payments
    .filter(isInReview)
    .map((attempt) => attempt.review?.openedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}

/**
 * True for a failed refund that no other stands for, while something is left of its charge. Nothing is left of one that was
 * reversed or lost in a dispute.
 */
export function isFailureOwed(order: Pick<Order, 'payments' | 'refunds' | 'disputes'>, refund: Refund): boolean {
  if (refund.state !== 'failed' || order.refunds.some(({ replaces }) => replaces === refund.refundId)) return false;
  const charge = findAttempt(order, refund.reference);
  if (charge === null || charge.status === 'reversed' || isLostInDispute(order, refund.reference)) return false;
  return leftOfCharge(order, charge) > 0;
}

/** When the oldest refund was requested that needs a person: it failed and is still owed, or it needs attention. */
export function deriveRefundAttentionSince(order: Pick<Order, 'refunds' | 'payments' | 'disputes'>): Date | undefined {
  return order.refunds
    .filter((refund) => refund.state === 'needs_attention' || isFailureOwed(order, refund))
    .map(({ requestedAt }) => requestedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}
