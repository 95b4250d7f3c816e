/**
 * The money that has gone back of one charge. Payment status, refunds, reviews, emails, pages and audit all take it from here, so
 * that they say the same. Each subunit counts once: a refund that names a dispute is never entered as a refund, because
 * the dispute's own amount counts. Pure.
 */
import type { Currency } from '../contract/money.ts';
import { findCurrency } from '../money.ts';
import type { Dispute, Order, PaymentAttempt, Refund } from '../order/order-document.ts';
import { isRefundOpen } from '../order/status.ts';

/** Subunits of `currency`, the charge's. */
export interface ReturnedMoney {
  currency: Currency;
  captured: number;
  /** Processed at Paystack, whoever made them there, second copies of one refund included. */
  byRefund: number;
  /** Taken by disputes that ended against us. */
  byDispute: number;
  /** Paid another way, as staff recorded. It explains nothing that Paystack reports. */
  elsewhere: number;
  /** Refunds that have not ended yet. */
  open: number;
  /** Still held by Paystack: captured less byRefund and byDispute. */
  held: number;
  /** Can still be given back: held less elsewhere and open. */
  left: number;
  /** By how much more went back than was captured; `held` and `left` are then 0. */
  excess: number;
}

type Returns = Pick<Order, 'refunds' | 'disputes' | 'currency'>;
type Charge = Pick<PaymentAttempt, 'reference' | 'amount' | 'currency'>;

export function returnedMoney(order: Returns, charge: Charge): ReturnedMoney {
  const { reference, amount: captured = 0 } = charge;
  const refunds = order.refunds.filter((refund) => refund.reference === reference);
  const sumOf = (counts: (refund: Refund) => boolean) =>
    refunds.filter(counts).reduce((total, refund) => total + refund.amount, 0);
  const byRefund = sumOf((refund) => refund.state === 'processed' && !isPaidElsewhere(refund));
  const elsewhere = sumOf((refund) => refund.state === 'processed' && isPaidElsewhere(refund));
  const open = sumOf(({ state }) => isRefundOpen(state));
  const byDispute = order.disputes
    .filter((dispute) => dispute.reference === reference)
    .reduce((total, dispute) => total + takenBy(dispute, charge), 0);
  const atPaystack = byRefund + byDispute;
  return {
    currency: findCurrency(charge.currency) ?? order.currency,
    captured,
    byRefund,
    byDispute,
    elsewhere,
    open,
    held: Math.max(0, captured - atPaystack),
    left: Math.max(0, captured - atPaystack - elsewhere - open),
    excess: Math.max(0, atPaystack + elsewhere - captured),
  };
}

/** The amount that people read: never more than was captured. */
export function returnedSum({ captured, byRefund, byDispute, elsewhere }: ReturnedMoney): number {
  return Math.min(captured, byRefund + byDispute + elsewhere);
}

/** True once the customer has back all that was captured. */
export function isAllReturned(money: ReturnedMoney): boolean {
  return money.captured > 0 && returnedSum(money) >= money.captured;
}

/** Subunits that a dispute has taken: its amount, or the whole charge where Paystack names none. */
export function takenBy({ state, amount }: Pick<Dispute, 'state' | 'amount'>, charge: Pick<Charge, 'amount'>): number {
  return state === 'lost' ? (amount ?? charge.amount ?? 0) : 0;
}

function isPaidElsewhere({ paidElsewhereBy }: Refund): boolean {
  return paidElsewhereBy !== undefined;
}
