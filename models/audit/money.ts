/**
 * Checks that every charge is accounted for. Each captured charge has one state (I3), and at most one pays (I4). Confirmed
 * orders were rightly paid (I11). No refund exceeds its charge (I16).
 */

import { referenceOf } from '../order/ids/reference.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import { findAttempt, findPayingCharge, hasExcess, isFailureOwed, isInReview } from '../order/payment-status.ts';
import { chargeAgrees } from '../payment/evaluate-charge.ts';
import { isAllReturned, returnedMoney, returnedSum } from '../payment/returned-money.ts';
import type { OrderCheck } from './scan-orders.ts';

/**
 * The state of a captured charge:
 * - pays: it pays an order that is confirmed or later
 * - waits: it pays a pending order, which is to be settled
 * - owedBack: it cannot buy; refunds in any state, disputes and payments elsewhere add up to all of it
 * - inReview: staff decide, or Paystack's word that it is reversed is being looked into
 */
export const CHARGE_STATES = ['pays', 'waits', 'owedBack', 'inReview'] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];

/** True for an attempt that captured money, also when that went back later. */
export function isCaptured({ status }: PaymentAttempt): boolean {
  return status === 'succeeded';
}

/** null when the charge is unaccounted for. */
export function findChargeState(order: Order, charge: PaymentAttempt): ChargeState | null {
  if (isInReview(charge)) return 'inReview';
  const pays = order.paidReference === charge.reference;
  if (charge.reversal !== undefined && !(pays && order.status !== 'pending')) return 'inReview';
  if (order.status === 'cancelled' || (!pays && order.paidReference !== undefined))
    return isOwedBack(order, charge) ? 'owedBack' : null;
  if (!pays) return null;
  return order.status === 'pending' ? 'waits' : 'pays';
}

/** The money that went back and that is on its way adds up to the charge, together with failed refunds that staff must replace. */
function isOwedBack(order: Order, charge: PaymentAttempt): boolean {
  const { left } = returnedMoney(order, charge);
  const failed = order.refunds
    .filter((refund) => refund.reference === charge.reference && isFailureOwed(order, refund))
    .reduce((total, refund) => total + refund.amount, 0);
  return failed >= left;
}

export const chargeStateCheck: OrderCheck = {
  id: 'I3',
  name: 'charge-accounted-for',
  question: 'Every captured charge pays its order, waits for settlement, goes back in full, or is in review.',
  inspect: ({ order }) =>
    order.payments
      .filter((charge) => isCaptured(charge) && findChargeState(order, charge) === null)
      .map(
        (charge) =>
          `${charge.reference} (${charge.status}, ${charge.amount} ${charge.currency}) is unaccounted for: the order is ` +
          `${order.status}, paid by ${order.paidReference ?? 'nothing'}, and ${returnedMoney(order, charge).left} is left of it`,
      ),
};

export const refundedStatusCheck: OrderCheck = {
  id: 'I3',
  name: 'refunded-status',
  question:
    'A sold order is refunded exactly when all that was captured went back: by refunds, disputes and payments elsewhere.',
  inspect: ({ order }) => {
    const charge = findPayingCharge(order);
    if (!charge || order.status === 'pending' || order.status === 'cancelled') return [];
    const money = returnedMoney(order, charge);
    if (isAllReturned(money) === (order.status === 'refunded')) return [];
    // A lost dispute that the bank opened again ended the order before.
    if (order.status === 'refunded' && order.history.some(({ type }) => type === 'dispute_lost')) return [];
    return [`the order is ${order.status}, and ${returnedSum(money)} of ${charge.amount} went back`];
  },
};

export const neverSettledCheck: OrderCheck = {
  id: 'I3',
  name: 'never-settled',
  question: 'No pending order waits for settlement while anything of its charge went back or is on its way back.',
  inspect: ({ order }) => {
    const charge = findPayingCharge(order);
    if (!charge || order.status !== 'pending' || order.settlement.queuedAt === undefined) return [];
    const { open, ...money } = returnedMoney(order, charge);
    const back = returnedSum({ open, ...money }) + open;
    if (back === 0 && charge.reversal === undefined) return [];
    return [`waits for settlement, and ${back} of ${charge.reference} went back or is on its way`];
  },
};

export const returnedLimitCheck: OrderCheck = {
  id: 'I19',
  name: 'returned-limit',
  question: 'Per charge, no more went back than was captured, or it is marked and was alerted.',
  inspect: ({ order }) =>
    hasExcess(order) === (order.excessSince !== undefined)
      ? []
      : [order.excessSince === undefined ? 'more went back than was captured, unmarked' : 'is marked without a cause'],
};

export const returnedToldCheck: OrderCheck = {
  id: 'I23',
  name: 'returned-told',
  question: 'Per charge, what the history told of returned money is what was returned.',
  inspect: ({ order }) =>
    order.payments.filter(isCaptured).flatMap((charge) => {
      const { byRefund, byDispute, elsewhere } = returnedMoney(order, charge);
      const [told, returned] = [toldOf(order, charge.reference), byRefund + byDispute + elsewhere];
      return told === returned ? [] : [`${told} of ${charge.reference} was told, and ${returned} was returned`];
    }),
};

/** Σ of the history's entries about returned money; each but those of reopened disputes owes an email. */
function toldOf(order: Order, reference: string): number {
  const ofRefund = ({ refundId, amount }: { refundId: string; amount: number }) =>
    order.refunds.find((refund) => refund.refundId === refundId)?.reference === reference ? amount : 0;
  return order.history.reduce((total, entry) => {
    switch (entry.type) {
      case 'refund_processed':
      case 'refund_paid_elsewhere':
      case 'paid_elsewhere':
      case 'reversal_entered':
        return total + ofRefund(entry.data);
      case 'dispute_lost':
      case 'dispute_won':
      case 'dispute_updated':
      case 'dispute_reopened':
        return total + (entry.data.reference === reference ? (entry.data.returned ?? 0) : 0);
      case 'order_cancelled': {
        const { ends, taken = 0 } = entry.data;
        return total + (ends ? ofRefund(ends) : 0) + (entry.data.reference === reference ? taken : 0);
      }
      default:
        return total;
    }
  }, 0);
}

export const payingChargeCheck: OrderCheck = {
  id: 'I4',
  name: 'paying-charge',
  question:
    "At most one charge pays, it was captured, and every reference belongs to the order's own code and occurs once.",
  inspect: ({ order }) => {
    const problems: string[] = [];
    const references = order.payments.map(({ reference }) => reference);
    const own = new Set(references.map((_, index) => referenceOf(order.code, index + 1)));
    const unexpected = references.filter((reference) => !own.has(reference));
    if (unexpected.length > 0) problems.push(`${unexpected.join(', ')}: not a reference of ${order.code}`);
    if (new Set(references).size < references.length) problems.push('a reference occurs twice');
    if (!references.includes(order.txRef)) problems.push(`txRef ${order.txRef} is none of its payments`);
    const paid = order.paidReference;
    const charge = paid === undefined ? null : findAttempt(order, paid);
    if (paid !== undefined && !(charge && isCaptured(charge))) problems.push(`${paid} pays, but was not captured`);
    return problems;
  },
};

export const rightlyPaidCheck: OrderCheck = {
  id: 'I11',
  name: 'rightly-paid',
  question:
    'Each confirmed order was paid by a charge that agrees in amount, currency and domain, or that staff accepted.',
  inspect: ({ order }, { domain }) => {
    if (!order.history.some(({ to }) => to.status === 'confirmed') && !CONFIRMED_OR_LATER.has(order.status)) return [];
    const charge = findPayingCharge(order);
    if (!charge) return ['was confirmed without a charge'];
    const isAccepted = (entry: Order['history'][number]) =>
      entry.type === 'review_accepted' && entry.data.reference === charge.reference;
    if (order.history.some(isAccepted)) return [];
    // Without a known domain the charge's own is expected, which must at least be one of the two.
    const expected = domain ?? (charge.domain === 'live' ? 'live' : 'test');
    if (chargeAgrees(order, charge, expected)) return [];
    const { reference, amount, currency } = charge;
    return [
      `${reference} (${charge.domain}, ${amount} ${currency}) does not agree with ${order.total} ${order.currency} (${expected})`,
    ];
  },
};

const CONFIRMED_OR_LATER: ReadonlySet<Order['status']> = new Set(['confirmed', 'shipped', 'delivered', 'refunded']);

export const refundLimitCheck: OrderCheck = {
  id: 'I16',
  name: 'refund-limit',
  question: 'Per charge, refunds never exceed the captured amount, and no two refunds share an id.',
  inspect: ({ order }) => {
    const problems = order.payments.flatMap((charge) => {
      const { reference, amount = 0 } = charge;
      const { byRefund, open } = returnedMoney(order, charge);
      const committed = byRefund + open;
      return committed > amount ? [`${committed} is refunded or on its way of ${amount} captured by ${reference}`] : [];
    });
    for (const { refundId, reference, amount } of order.refunds) {
      if (findAttempt(order, reference) === null)
        problems.push(`refund ${refundId} is of an unknown charge ${reference}`);
      if (!Number.isSafeInteger(amount) || amount < 1) problems.push(`refund ${refundId} is of ${amount}`);
    }
    if (new Set(order.refunds.map(({ refundId }) => refundId)).size < order.refunds.length)
      problems.push('a refund id occurs twice');
    return problems;
  },
};
