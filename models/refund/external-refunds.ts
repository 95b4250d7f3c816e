/**
 * Money that somebody gave back at Paystack's dashboard: it is entered in our books like a refund of ours, so that it
 * counts, is followed to its end and is told to the customer; and where the charge pays an order, a person decides.
 */
import type { Types } from 'mongoose';
import { replaceAttempt } from '../checkout/payment-attempt.ts';
import type { Database } from '../db/database.ts';
import { toMajorUnits } from '../money.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order, PaymentAttempt, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import {
  committedRefunds,
  findAttempt,
  hasRefundInFlight,
  isInReview,
  isLostInDispute,
} from '../order/payment-status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';
import { withoutSettlement } from '../payment/record-charge.ts';
import { isInBooks } from './listed-refunds.ts';
import { newRefund, withRefund } from './request-refund.ts';

/** Who asked for a refund that is none of ours. */
export const AT_PAYSTACK = 'paystack';

export interface ExternalRefunds {
  /** `review`: entered, and a person decides about the order. `entered`: it was owed back anyway. */
  outcome: 'review' | 'entered' | 'none';
  order: Order;
}

/**
 * Enters what `listed`, Paystack's list of the charge's refunds, holds beyond our books. While a refund of ours is under
 * way nothing is entered: the list at its end is looked at again. May be repeated and raced: each is entered once.
 */
export async function enterExternalRefunds(
  db: Database,
  orderId: Types.ObjectId,
  reference: string,
  listed: readonly RefundReport[],
  now: Date,
): Promise<ExternalRefunds> {
  let outcome: ExternalRefunds['outcome'] = 'none';
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      outcome = 'none';
      const charge = findAttempt(order, reference);
      if (charge?.status !== 'succeeded' || isLostInDispute(order, reference)) return null;
      const foreign = listed.filter((report) => report.status !== 'failed' && !isInBooks(order, report));
      if (foreign.length === 0 || hasRefundInFlight(order, reference)) return null;
      outcome = order.status !== 'cancelled' && order.paidReference === reference ? 'review' : 'entered';
      return enter(order, charge, foreign, outcome === 'review', now);
    },
    now,
  );
  return { outcome, order };
}

function enter(
  order: Order,
  charge: PaymentAttempt,
  foreign: readonly RefundReport[],
  asksPerson: boolean,
  now: Date,
): OrderChange {
  const entered = foreign.map((report) => toRefund(charge, report, now));
  const refunds = entered.reduce((all, refund) => addRefund(all, charge, refund), order.refunds);
  const sum = entered.reduce((total, { amount }) => total + amount, 0);
  const why = `a refund of ${toMajorUnits(sum)} was made at Paystack, not here`;
  const reviewed = { ...charge, review: { reason: why, openedAt: now } };
  return {
    set: {
      refunds,
      ...(asksPerson && !isInReview(charge) ? { payments: replaceAttempt(order, reviewed) } : {}),
      ...(asksPerson ? withoutSettlement(order, charge.reference) : {}),
    },
    actor: 'system',
    reason: why,
    emails: entered.map(({ amount, refundId, reason }) => ({
      kind: 'refund_started' as const,
      data: { amount, refundId, reason },
    })),
  };
}

/** It stands for a refund that failed only when with it all of the charge goes back: else the rest is still owed. */
function addRefund(refunds: Refund[], charge: PaymentAttempt, refund: Refund): Refund[] {
  const back = committedRefunds({ refunds }, charge.reference) + refund.amount;
  return back >= (charge.amount ?? 0) ? withRefund({ refunds }, refund) : [...refunds, refund];
}

/** On its way, whatever Paystack says of it by now: the next look follows it to its end. */
function toRefund(charge: PaymentAttempt, { gatewayRefundId, amount }: RefundReport, now: Date): Refund {
  const refundId = `${AT_PAYSTACK}-${gatewayRefundId}`;
  const refund = newRefund(charge, amount, 'made at Paystack', AT_PAYSTACK, { refundId, now });
  return { ...refund, gatewayRefundId, state: 'pending', dueAt: now };
}
