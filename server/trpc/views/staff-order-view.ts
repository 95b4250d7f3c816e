/** The staff's view of an order: the owner's view with contact, payments, refunds, disputes, advice and the whole timeline. */
import { formatMoney } from '../../../models/contract/money.ts';
import type { StaffRole } from '../../../models/contract/permissions.ts';
import type { StaffOrderSummary, StaffOrderView } from '../../../models/contract/staff-orders.ts';
import type { StuckLoop } from '../../../models/contract/statuses.ts';
import { isOpenDispute, needsAnswer } from '../../../models/dispute/open-disputes.ts';
import { isOfOtherDomain } from '../../../models/fulfilment/create-shipment.ts';
import { describeDeliveryFailure } from '../../../models/messaging/delivery/delivery-failure.ts';
import type { Email } from '../../../models/messaging/email-document.ts';
import type { FailedEmail } from '../../../models/messaging/failed-emails.ts';
import { addressOf, contactOf } from '../../../models/order/contact.ts';
import type { Order, Refund } from '../../../models/order/order-document.ts';
import { currencyOfCharge, findPayingCharge, isFailureOwed, isInReview } from '../../../models/order/payment-status.ts';
import type { ListedOrder } from '../../../models/order/queries/list-orders.ts';
import type { OrderRecords } from '../../../models/order/queries/order-records.ts';
import { parkedLoops } from '../../../models/order/stuck/parked-loops.ts';
import { isPartlyShipped } from '../../../models/order/units.ts';
import { returnedMoney } from '../../../models/payment/returned-money.ts';
import { toRefundableOrder } from '../../../models/refund/goods/withdrawn-units.ts';
import { isRefused } from '../../../models/refund/staff-refund-actions.ts';
import { actionsOf } from '../../../models/staff-actions/order-actions.ts';
import { rejectedTransfersOf } from '../../../models/transfer/rejected-transfer.ts';
import { type ActorNames, toActorView } from './actor-view.ts';
import { toCorrectionParts } from './corrections-view.ts';
import { toWaits } from './desk/waiting-view.ts';
import { disputeAdvice, toDisputeView } from './dispute-view.ts';
import { describeReview } from './history-text.ts';
import { toReturnedView } from './money-view.ts';
import { toOrderSummary, toOrderView } from './order-view.ts';
import { describeRejectedTransfer } from './rejected-transfer-text.ts';
import { toStaffShipment } from './shipment-view.ts';
import { toTimeline } from './timeline-view.ts';
import { EMAIL_KIND_WORDS } from './words.ts';

/** `domain`: of our own key. */
export function toStaffSummary(order: ListedOrder, domain: 'test' | 'live'): StaffOrderSummary {
  const { email, name } = contactOf(order);
  return {
    ...toOrderSummary(order),
    email,
    name,
    tags: order.tags ?? [],
    answerBy: iso(order.disputeAnswerBy),
    waits: toWaits(order),
    partial: isPartlyShipped(order),
    delivery: order.delivery.label,
    otherDomain: isOfOtherDomain(order, domain),
  };
}

export function toFailedEmail({ _id, kind, lastError, undelivered, parkedAt, to }: FailedEmail) {
  const error = undelivered ? describeDeliveryFailure(undelivered) : (lastError ?? '');
  const failed = { id: _id, kind, error, failedAt: iso(parkedAt) ?? '', to: to.kind };
  if (to.kind === 'customer') {
    const { email, name } = contactOf(to.order);
    return { ...failed, orderId: String(to.order._id), code: to.order.code, name, email };
  }
  const { name, email } = to.kind === 'account' ? to.user : { name: null, email: null };
  return { ...failed, orderId: null, code: null, name, email };
}

const iso = (at: Date | null | undefined) => at?.toISOString() ?? null;

interface Situation {
  now: Date;
  /** Of our own key. */
  domain: 'test' | 'live';
  /** The shop's, for instants in sentences. */
  timeZone: string;
  /** Of the reader; `refundLimit` in subunits. */
  role: StaffRole;
  refundLimit?: number;
  names: ActorNames;
}

export function toStaffOrderView(
  order: Order,
  records: OrderRecords,
  { now, domain, timeZone, role, refundLimit, names }: Situation,
): StaffOrderView {
  const { refunds: _, timeline: __, ...owner } = toOrderView(order, now);
  const { settlement } = order;
  const { emails } = records;
  return {
    ...owner,
    ...contactOf(order),
    phoneToDial: addressOf(order).phoneE164,
    shipments: (order.shipments ?? []).map(toStaffShipment),
    otherDomain: isOfOtherDomain(order, domain),
    ...toCorrectionParts(order, names),
    refundable: toRefundable(order),
    payments: order.payments.map((attempt) => toPayment(order, attempt)),
    refunds: order.refunds.map((refund) => toRefund(order, refund, names)),
    disputes: order.disputes.map((dispute) => toDisputeView(order, dispute, names)),
    settlement: {
      waiting: settlement.queuedAt !== undefined,
      attempts: settlement.attempts,
      lastError: settlement.lastError ?? null,
      parkedAt: iso(settlement.parkedAt),
    },
    stuck: toStuck(order),
    emails: emails.map(({ _id: id, kind, state, undelivered }) => ({
      id,
      kind,
      state,
      undelivered: undelivered === undefined ? null : describeDeliveryFailure(undelivered),
    })),
    timeline: toTimeline(order, records, names),
    actions: actionsOf(order, { now, domain, role, refundLimit, emails }),
    attention: attentionOf(order, emails, timeZone),
    notices: noticesOf(order),
  };
}

function toRefundable(order: Order): StaffOrderView['refundable'] {
  const charge = findPayingCharge(order);
  if (charge === null) return null;
  const { left: remaining, deliveryRefunded } = toRefundableOrder(order);
  return { remaining, deliveryRefunded, currency: currencyOfCharge(order, charge.reference) };
}

function toPayment(order: Order, attempt: Order['payments'][number]): StaffOrderView['payments'][number] {
  return {
    reference: attempt.reference,
    status: attempt.status,
    amount: attempt.amount ?? null,
    currency: attempt.currency ?? null,
    paidAt: iso(attempt.paidAt),
    fees: attempt.fees ?? null,
    channel: attempt.channel ?? null,
    failedAt: iso(attempt.failedAt),
    gatewayResponse: attempt.gatewayResponse ?? null,
    review: attempt.review && isInReview(attempt) ? describeReview(order, attempt, attempt.review) : null,
    asksReturned: isInReview(attempt) && attempt.review?.cause === 'reversed_unexplained',
    returned: toReturnedView(order, attempt),
  };
}

function toRefund(order: Order, refund: Refund, names: ActorNames): StaffOrderView['refunds'][number] {
  const { refundId: id, reference, amount, state, cause, note, requestedBy, requestedAt, endedAt, lastError } = refund;
  const { lines = [], delivery = false, replaces = null } = refund;
  return {
    id,
    reference,
    amount,
    currency: currencyOfCharge(order, reference),
    state,
    cause,
    note: note ?? null,
    lines: lines.map((line) => ({ ...line })),
    delivery,
    replaces,
    requestedBy: toActorView(requestedBy, names),
    requestedAt: requestedAt.toISOString(),
    endedAt: iso(endedAt),
    lastError: lastError ?? null,
    advice: refundAdvice(order, refund) ?? duplicateAdvice(refund),
  };
}

function refundAdvice(order: Order, refund: Refund): string | null {
  if (isFailureOwed(order, refund)) {
    return 'Paystack could not give the money back and holds it for the shop again: refund once more, or pay the customer another way and say so here.';
  }
  if (refund.balanceLowSince !== undefined) {
    return "The shop's balance at Paystack is too low for this refund. It is tried again every six hours by itself; payments of the day, or a top-up at Paystack, make it possible.";
  }
  if (refund.state !== 'needs_attention') return null;
  return isRefused(refund)
    ? "Paystack did not accept this refund: look for it among the charge's refunds in Paystack's dashboard, then try it again here, or say that the customer has the money."
    : "Paystack needs the customer's bank details: enter them here, as the customer gives them to you. They go to Paystack and are kept nowhere else.";
}

/** Advice only: no action here resolves a copy, so it does not need attention. An alert has reported it. */
function duplicateAdvice({ gatewayRefundId, duplicateIds = [] }: Refund): string | null {
  if (duplicateIds.length === 0) return null;
  return `Paystack sent this money more than once, as its refunds ${[gatewayRefundId, ...duplicateIds].join(', ')}: ask Paystack, or the customer, for what went back too often.`;
}

function toStuck(order: Order): StaffOrderView['stuck'] {
  return parkedLoops(order).flatMap((work) => {
    const { attempts = 0, lastError = '', parkedAt } = order.stuck?.[work] ?? {};
    return parkedAt === undefined ? [] : [{ work, attempts, lastError, since: parkedAt.toISOString() }];
  });
}

const STUCK_WORK: Record<StuckLoop, string> = {
  refunds: 'A refund cannot be sent',
  verifies: 'The payment cannot be verified',
  webhooks: 'An event of Paystack cannot be applied',
  returns: 'What went back of the payment cannot be read',
};

function reviewAdvice(order: Order, attempt: Order['payments'][number]): string[] {
  const { reference, review } = attempt;
  if (!review || !isInReview(attempt)) return [];
  const answer =
    review.cause === 'reversed_unexplained'
      ? 'Look for the charge in Paystack’s dashboard, then enter how much of it went back.'
      : 'Accept it or refund it.';
  return [`Money on ${reference} is in review: ${describeReview(order, attempt, review)}. ${answer}`];
}

function attentionOf(order: Order, emails: Email[], timeZone: string): string[] {
  return [
    ...(order.settlement.parkedAt ? ['Paid, and settlement failed eight times: see the error, then retry.'] : []),
    ...order.payments.flatMap((attempt) => reviewAdvice(order, attempt)),
    ...toStuck(order).map(
      ({ work, lastError }) =>
        `${STUCK_WORK[work]}: it failed eight times, last with “${lastError}”. Repair the cause, then try again.`,
    ),
    ...order.refunds.flatMap((refund) => refundAdvice(order, refund) ?? []),
    ...order.disputes.flatMap((dispute) => disputeAdvice(order, dispute, timeZone) ?? []),
    ...emails
      .filter(({ state }) => state === 'parked')
      .map(
        ({ kind, undelivered }) =>
          `The email ${EMAIL_KIND_WORDS[kind]} ${undelivered ? 'did not arrive' : 'could not be sent'}: check the address, then resend it.`,
      ),
  ];
}

/** Facts that staff should know and need not act on. */
function noticesOf(order: Order): string[] {
  return [
    ...order.disputes
      .filter((dispute) => isOpenDispute(dispute) && !needsAnswer(dispute))
      .map(() => 'The bank decides about a dispute of this order; nothing is shipped or refunded meanwhile.'),
    ...order.payments.flatMap((charge) => returnNotices(order, charge)),
    ...(order.status === 'pending' ? rejectedTransfersOf(order).slice(-1) : []).map(
      (transfer) => `${describeRejectedTransfer(order, transfer)}.`,
    ),
  ];
}

function returnNotices(order: Order, charge: Order['payments'][number]): string[] {
  const { reference } = charge;
  if (charge.amount === undefined) return [];
  const { currency, excess } = returnedMoney(order, charge);
  const external = order.refunds
    .filter((refund) => refund.reference === reference && refund.cause === 'external' && refund.state !== 'failed')
    .reduce((total, { amount }) => total + amount, 0);
  const money = (amount: number) => formatMoney({ amount, currency });
  return [
    ...(external > 0 ? [`${money(external)} of ${reference} was refunded at Paystack and not here.`] : []),
    ...(excess > 0
      ? [`${money(excess)} more went back of ${reference} than was paid: ask Paystack, or the customer, for it.`]
      : []),
    ...(charge.reversal === undefined
      ? []
      : [`Paystack calls ${reference} reversed. Its refunds and disputes are being read; nothing is to be done yet.`]),
  ];
}
