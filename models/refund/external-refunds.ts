/**
 * Refunds that were made at Paystack's dashboard. They are recorded like ours, so that they count, are followed to their
 * end and are emailed to the customer. Where the charge pays an order, a review is opened.
 */
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order, PaymentAttempt, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, hasRefundInFlight, isInReview, isLostInDispute } from '../order/payment-status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';
import { replaceAttempt } from '../payment/replace-attempt.ts';
import { withoutSettlement } from '../settlement/settlement-queue.ts';
import { isRecorded } from './listed-refunds.ts';
import { newRefund, withRefund } from './new-refund.ts';

/** `requestedBy` of an external refund. */
export const AT_PAYSTACK = 'paystack';

export interface ExternalRefunds {
  /** `review`: recorded, and staff decide about the order. `entered`: recorded; the charge was owed back anyway. */
  outcome: 'review' | 'entered' | 'none';
  order: Order;
}

/**
 * Records the external refunds in `listed`, Paystack's list of the charge's refunds. While a refund of ours is open nothing
 * is recorded: call it again once that has ended. May be repeated and raced: each is recorded once.
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
      const external = listed.filter((report) => report.status !== 'failed' && !isRecorded(order, report));
      if (external.length === 0 || hasRefundInFlight(order, reference)) return null;
      outcome = order.status !== 'cancelled' && order.paidReference === reference ? 'review' : 'entered';
      return enter(order, charge, external, outcome === 'review', now);
    },
    now,
  );
  return { outcome, order };
}

function enter(
  order: Order,
  charge: PaymentAttempt,
  external: readonly RefundReport[],
  needsReview: boolean,
  now: Date,
): OrderChange {
  const entered = external.map((report) => toRefund(charge, report, now));
  const refunds = entered.reduce((all, refund) => withRefund({ refunds: all }, charge, refund), order.refunds);
  const sum = entered.reduce((total, { amount }) => total + amount, 0);
  const reviewed: PaymentAttempt = { ...charge, review: { cause: 'external_refund', openedAt: now } };
  return {
    set: {
      refunds,
      ...(needsReview && !isInReview(charge) ? { payments: replaceAttempt(order, reviewed) } : {}),
      ...(needsReview ? withoutSettlement(order, charge.reference) : {}),
    },
    actor: AT_PAYSTACK,
    event: {
      type: 'external_refunds_entered',
      data: { reference: charge.reference, refundIds: entered.map(({ refundId }) => refundId), amount: sum },
    },
  };
}

/** Recorded as `pending` whatever its status: processRefunds follows it to its end. */
function toRefund(charge: PaymentAttempt, { gatewayRefundId, amount }: RefundReport, now: Date): Refund {
  const refundId = `${AT_PAYSTACK}-${gatewayRefundId}`;
  const refund = newRefund(charge, amount, 'external', AT_PAYSTACK, { refundId, now });
  return { ...refund, gatewayRefundId, state: 'pending', dueAt: now };
}
