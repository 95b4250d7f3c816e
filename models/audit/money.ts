/**
 * Checks that every charge is accounted for. Each captured charge has one state (I3), and at most one pays (I4). Confirmed
 * orders were rightly paid (I11). No refund exceeds its charge (I16).
 */

import { referenceOf } from '../order/ids/reference.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import {
  committedRefunds,
  findAttempt,
  findPayingCharge,
  isInReview,
  isLostInDispute,
  processedRefunds,
} from '../order/payment-status.ts';
import { chargeAgrees } from '../payment/evaluate-charge.ts';
import type { OrderCheck } from './scan-orders.ts';

/**
 * The state of a captured charge:
 * - pays: it pays an order that is confirmed or later
 * - waits: it pays a pending order, which is to be settled
 * - owedBack: it cannot buy; its refunds, in any state, add up to all of it
 * - inReview: staff decide
 * - takenBack: Paystack or a bank took it, and staff resolved its review
 */
export const CHARGE_STATES = ['pays', 'waits', 'owedBack', 'inReview', 'takenBack'] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];

/** True for an attempt that captured money, also when it was reversed later. */
export function isCaptured({ status }: PaymentAttempt): boolean {
  return status === 'succeeded' || status === 'reversed';
}

/** null when the charge is unaccounted for. */
export function findChargeState(order: Order, charge: PaymentAttempt): ChargeState | null {
  if (isInReview(charge)) return 'inReview';
  if (charge.status === 'reversed' || isLostInDispute(order, charge.reference))
    return charge.review ? 'takenBack' : null;
  const pays = order.paidReference === charge.reference;
  if (order.status === 'cancelled' || (!pays && order.paidReference !== undefined))
    return isOwedBack(order, charge) ? 'owedBack' : null;
  if (!pays) return null;
  return order.status === 'pending' ? 'waits' : 'pays';
}

/** Open and processed refunds add up to the charge, together with failed ones that staff must replace. */
function isOwedBack(order: Order, { reference, amount = 0 }: PaymentAttempt): boolean {
  const committed = committedRefunds(order, reference);
  const replaced = new Set(order.refunds.map(({ replaces }) => replaces));
  const failed = order.refunds
    .filter((refund) => refund.reference === reference && refund.state === 'failed' && !replaced.has(refund.refundId))
    .reduce((total, refund) => total + refund.amount, 0);
  return committed <= amount && committed + failed >= amount;
}

export const chargeStateCheck: OrderCheck = {
  id: 'I3',
  name: 'charge-accounted-for',
  question:
    'Every captured charge pays its order, waits for settlement, is refunded in full, is in review, or was taken back.',
  inspect: ({ order }) =>
    order.payments
      .filter((charge) => isCaptured(charge) && findChargeState(order, charge) === null)
      .map(
        ({ reference, status, amount, currency }) =>
          `${reference} (${status}, ${amount} ${currency}) is unaccounted for: the order is ${order.status}, ` +
          `paid by ${order.paidReference ?? 'nothing'}, ${committedRefunds(order, reference)} of it is refunded or on its way`,
      ),
};

export const refundedStatusCheck: OrderCheck = {
  id: 'I3',
  name: 'refunded-status',
  question: 'A sold order is refunded exactly when its processed refunds reach the captured amount.',
  inspect: ({ order }) => {
    const charge = findPayingCharge(order);
    if (!charge || order.status === 'pending' || order.status === 'cancelled') return [];
    const processed = processedRefunds(order, charge.reference);
    const whole = charge.amount !== undefined && processed >= charge.amount;
    if (whole === (order.status === 'refunded')) return [];
    return [`the order is ${order.status}, and ${processed} of ${charge.amount} was refunded`];
  },
};

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
    if (charge.review?.resolution === 'accepted') return [];
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
    const problems = order.payments.flatMap(({ reference, amount = 0 }) => {
      const committed = committedRefunds(order, reference);
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
