/** The state of an order's money, derived from its attempts, refunds and disputes. Pure. */
import type { Currency } from '../contract/money.ts';
import type { PaymentStatus } from '../contract/statuses.ts';
import { findCurrency } from '../money.ts';
import { isAllReturned, returnedMoney, returnedSum } from '../payment/returned-money.ts';
import type { Order, PaymentAttempt, Refund } from './order-document.ts';
import { isRefundOpen } from './status.ts';

type Money = Pick<Order, 'status' | 'currency' | 'payments' | 'refunds' | 'disputes' | 'paidReference'>;

/** True while staff have yet to decide about this attempt's money. */
export function isInReview(attempt: PaymentAttempt): boolean {
  return attempt.review !== undefined && attempt.review.resolvedAt === undefined;
}

/** The charge that the payment status is derived from: the one that pays the order, else the last captured one. */
export function findLeadingCharge(order: Pick<Order, 'payments' | 'paidReference'>): PaymentAttempt | null {
  if (order.paidReference !== undefined) return findPayingCharge(order);
  return order.payments.findLast(({ amount }) => amount !== undefined) ?? null;
}

/** The charge at paidReference; null while none pays the order. */
export function findPayingCharge<A extends Pick<PaymentAttempt, 'reference'> = PaymentAttempt>(order: {
  payments: readonly A[];
  paidReference?: string;
}): A | null {
  return order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
}

export function findAttempt<A extends Pick<PaymentAttempt, 'reference'> = PaymentAttempt>(
  order: { payments: readonly A[] },
  reference: string,
): A | null {
  return order.payments.find((attempt) => attempt.reference === reference) ?? null;
}

/** The currency a charge was captured in and is refunded in. In a review it may differ from the order's. */
export function currencyOfCharge(order: Pick<Order, 'payments' | 'currency'>, reference: string): Currency {
  return findCurrency(findAttempt(order, reference)?.currency) ?? order.currency;
}

/** True while more of some charge has gone back than was captured. */
export function hasExcess(order: Pick<Order, 'payments' | 'refunds' | 'disputes' | 'currency'>): boolean {
  return order.payments.some((charge) => charge.amount !== undefined && returnedMoney(order, charge).excess > 0);
}

/** True while a refund of this charge is open: no second one may be started. */
export function hasRefundInFlight(order: Pick<Order, 'refunds'>, reference: string): boolean {
  return order.refunds.some((refund) => refund.reference === reference && isRefundOpen(refund.state));
}

export function derivePaymentStatus(order: Money): PaymentStatus {
  const charge = findLeadingCharge(order);
  if (charge?.amount === undefined) return 'unpaid';
  if (isInReview(charge) || isHeldUp(order, charge)) return 'review';
  const money = returnedMoney(order, charge);
  if (isAllReturned(money)) return 'refunded';
  if (money.open > 0) return 'refunding';
  return returnedSum(money) > 0 ? 'partially_refunded' : 'paid';
}

/** True for the charge of a pending order that Paystack calls reversed: it settles nothing until that is explained. */
export function isHeldUp({ status }: Pick<Order, 'status'>, { reversal }: PaymentAttempt): boolean {
  return status === 'pending' && reversal !== undefined;
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
export function isFailureOwed(
  order: Pick<Order, 'payments' | 'refunds' | 'disputes' | 'currency'>,
  refund: Refund,
): boolean {
  if (refund.state !== 'failed' || order.refunds.some(({ replaces }) => replaces === refund.refundId)) return false;
  if (order.refunds.some(({ copyOf, state }) => copyOf === refund.refundId && state !== 'failed')) return false;
  const charge = findAttempt(order, refund.reference);
  return charge !== null && returnedMoney(order, charge).left > 0;
}

/** When the oldest refund was requested that needs a person: it failed and is still owed, or it needs attention. */
export function deriveRefundAttentionSince(
  order: Pick<Order, 'refunds' | 'payments' | 'disputes' | 'currency'>,
): Date | undefined {
  return order.refunds
    .filter((refund) => refund.state === 'needs_attention' || isFailureOwed(order, refund))
    .map(({ requestedAt }) => requestedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}
