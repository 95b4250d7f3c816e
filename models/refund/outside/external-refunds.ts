/**
 * Refunds at Paystack that our order lacks: made at Paystack's dashboard, or second copies of one of ours. They are
 * recorded like ours, so that they count, are followed to their end and are emailed to the customer. A sold order stays as
 * it is. One that is not confirmed yet is put in review, because it must not be settled while money of it goes back.
 */
import type { Types } from 'mongoose';
import type { Database } from '../../db/database.ts';
import { changeOrder } from '../../order/change-order.ts';
import type { Order, PaymentAttempt, Refund } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import { findAttempt, isInReview } from '../../order/payment-status.ts';
import { isRefundOpen } from '../../order/status.ts';
import type { RefundReport } from '../../payment/gateway-reports.ts';
import { replaceAttempt } from '../../payment/replace-attempt.ts';
import { withoutSettlement } from '../../settlement/settlement-queue.ts';
import { replaceRefund } from '../change-refund.ts';
import { isEffective, isRecorded, noteOf } from '../listed-refunds.ts';
import { newRefund, withRefund } from '../new-refund.ts';

/** `requestedBy` of an external refund. */
export const AT_PAYSTACK = 'paystack';

export interface ExternalRefunds {
  /** `review`: recorded, and staff decide about the order. `entered`: recorded, and the order goes on. */
  outcome: 'review' | 'entered' | 'none';
  order: Order;
  /** Refunds of ours of which a second copy was found. */
  copied: Refund[];
}

/**
 * Records the external refunds in `listed`, Paystack's list of the charge's refunds. One may stand in place of a refund of
 * ours of the same amount that Paystack does not have yet. It is left until that is known: call it again then. May be
 * repeated and raced: each is recorded once.
 */
export async function enterExternalRefunds(
  db: Database,
  orderId: Types.ObjectId,
  reference: string,
  listed: readonly RefundReport[],
  now: Date,
): Promise<ExternalRefunds> {
  let outcome: ExternalRefunds['outcome'] = 'none';
  let before: readonly Refund[] = [];
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      before = order.refunds;
      const decided = decideExternalRefunds(order, reference, listed, now);
      outcome = decided.outcome;
      return decided.change;
    },
    now,
  );
  const hadCopies = ({ refundId }: Refund) => copiesOf(before.find((refund) => refund.refundId === refundId));
  return { outcome, order, copied: order.refunds.filter((refund) => copiesOf(refund) > hadCopies(refund)) };
}

const copiesOf = (refund: Refund | undefined) => refund?.duplicateIds?.length ?? 0;

export function decideExternalRefunds(
  order: Order,
  reference: string,
  listed: readonly RefundReport[],
  now: Date,
): { outcome: ExternalRefunds['outcome']; change: OrderChange | null } {
  const charge = findAttempt(order, reference);
  if (charge?.status !== 'succeeded') return { outcome: 'none', change: null };
  const unsent = order.refunds.filter((refund) => refund.reference === reference && isUnsent(refund));
  const external = listed
    .filter((report) => isEffective(report) && !isRecorded(order, report))
    .filter(({ amount }) => !unsent.some((refund) => refund.amount === amount));
  const found = external.map((report) => ({ report, entered: findEnteredByStaff(order, charge, report) }));
  const known = found.filter(({ entered }) => entered !== null);
  const news = found.filter(({ entered }) => entered === null).map(({ report }) => report);
  const named = known.reduce(
    (refunds, { report, entered }) =>
      entered === null ? refunds : replaceRefund({ refunds }, { ...entered, gatewayRefundId: report.gatewayRefundId }),
    order.refunds,
  );
  if (news.length > 0) {
    const needsReview = order.status === 'pending' && order.paidReference === reference;
    const change = enter({ ...order, refunds: named }, charge, news, needsReview, now);
    return { outcome: needsReview ? 'review' : 'entered', change };
  }
  const change: OrderChange | null = known.length === 0 ? null : { set: { refunds: named }, actor: AT_PAYSTACK };
  return { outcome: 'none', change };
}

function isUnsent({ state, gatewayRefundId }: Refund): boolean {
  return isRefundOpen(state) && gatewayRefundId === undefined;
}

/** The sum that staff entered for a reversal, before Paystack's list showed the refund that it was. */
function findEnteredByStaff(order: Order, { reference }: PaymentAttempt, { amount }: RefundReport): Refund | null {
  const isIt = (refund: Refund) =>
    refund.reference === reference &&
    refund.cause === 'external' &&
    refund.gatewayRefundId === undefined &&
    refund.state === 'processed' &&
    refund.amount === amount;
  return order.refunds.find(isIt) ?? null;
}

function enter(
  order: Order,
  charge: PaymentAttempt,
  external: readonly RefundReport[],
  needsReview: boolean,
  now: Date,
): OrderChange {
  const entered = external.map((report) => toRefund(order, charge, report, now));
  const refunds = entered.reduce(
    (all, refund) => withRefund({ ...order, refunds: markCopied(all, refund) }, charge, refund),
    order.refunds,
  );
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

/** Names the copy beside the refund of which it is one. */
function markCopied(refunds: readonly Refund[], { copyOf, gatewayRefundId = '' }: Refund): Refund[] {
  return refunds.map((refund) => {
    const { refundId, duplicateIds = [] } = refund;
    if (refundId !== copyOf || duplicateIds.includes(gatewayRefundId)) return refund;
    return { ...refund, duplicateIds: [...duplicateIds, gatewayRefundId] };
  });
}

/** Recorded as `pending` whatever its status: processRefunds follows it to its end. */
function toRefund(order: Order, charge: PaymentAttempt, report: RefundReport, now: Date): Refund {
  const { gatewayRefundId, amount, merchantNote } = report;
  const refundId = `${AT_PAYSTACK}-${gatewayRefundId}`;
  const refund = newRefund(charge, amount, 'external', AT_PAYSTACK, { refundId, now });
  const original = order.refunds.find((other) => noteOf(other) === merchantNote);
  const copyOf = original === undefined ? {} : { copyOf: original.refundId };
  return { ...refund, gatewayRefundId, state: 'pending', dueAt: now, ...copyOf };
}
