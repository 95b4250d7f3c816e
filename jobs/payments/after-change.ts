/**
 * Turns committed changes of orders into log lines, metrics, wake-ups and search rows. Callers pass the change; only this file decides
 * which jobs have work because of it. Call it after the commit, never inside a transaction. A process that dies before
 * the call loses log lines and metrics; the sweep finds the work and the search rows.
 */
import type { DisputeState } from '../../models/contract/statuses.ts';
import { isInFlight } from '../../models/order/money/open-refunds.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { currencyOfCharge, findAttempt, findPayingCharge } from '../../models/order/payment-status.ts';
import type { ChargeOutcome } from '../../models/payment/charge-outcome.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import type { ReversalOutcome } from '../../models/payment/reversal.ts';
import type { ExternalRefunds } from '../../models/refund/outside/external-refunds.ts';
import type { SettledBatch } from '../../models/settlement/settle-batch.ts';
import type { SettlementOutcome } from '../../models/settlement/settlement-changes.ts';
import type { JobContext, WakeUps } from '../context.ts';
import type { ChargeSource, JobEvents } from '../events.ts';

type Sources = Pick<JobContext, 'events' | 'jobs' | 'search' | 'clock' | 'changeFeed'>;

export type OrderChanged =
  | { kind: 'charge_recorded'; reference: string; outcome: ChargeOutcome; source: ChargeSource }
  | ({ kind: 'external_refunds_entered'; reference: string } & Pick<ExternalRefunds, 'outcome' | 'copied'>)
  /** Open refunds were brought forward. */
  | { kind: 'refunds_due' }
  /** `before`: the refund as it was claimed; `duplicateIds`: what Paystack holds beside it. */
  | { kind: 'refund_recorded'; before: Refund; duplicateIds?: readonly string[] }
  | { kind: 'dispute_recorded'; disputeId: string; reference: string; state: DisputeState }
  | { kind: 'dispute_answered' }
  | { kind: 'dispute_answer_refused'; disputeId: string }
  | { kind: 'reversal_recorded'; reference: string; outcome: ReversalOutcome; refundId: string }
  /** `after` may be the order before the change, because only its id is reported. */
  | { kind: 'expired' }
  | { kind: 'settlement_parked' }
  /** Paystack did not accept a bank transfer. */
  | { kind: 'transfer_rejected'; reference: string }
  /** An email reminds the customer to pay. */
  | { kind: 'reminded' }
  /**
   * The customer or staff changed the order. `refundId`: of the refund that the change requests if it owes one.
   * `settles`: the reference whose settlement may now be due.
   */
  | { kind: 'requested'; refundId: string; settles?: string };

/** `after` is the order as committed. Never throws. */
export async function afterChange(
  { events, jobs, search, changeFeed }: Sources,
  after: Order,
  change: OrderChanged,
): Promise<void> {
  report(events, after, change);
  changeFeed.notify(after._id);
  search.add(after._id);
  await wake(jobs, after, wakeUpsOf(after, change));
}

/** After a checkout has committed its order. */
export function afterPlacing({ events, search }: Sources, order: Order, created: boolean): void {
  const { _id, total, currency } = order;
  events.orderPlaced({ orderId: String(_id), total, currency, repeated: !created });
  search.add(_id);
}

/** After each committed batch of the settlement. Never throws. */
export async function afterBatch(
  { events, clock, jobs, search, changeFeed, emailSender }: Sources & Pick<JobContext, 'emailSender'>,
  { settled, claimed, areEmailsWaiting }: SettledBatch,
  durationMs: number,
): Promise<void> {
  // First: shoppers wait for it.
  for (const { order } of settled) changeFeed.notify(order._id);
  emailSender.send(claimed);
  const count = (counted: SettlementOutcome) => settled.filter(({ outcome }) => outcome === counted).length;
  const [confirmed, cancelled] = [count('confirmed'), count('cancelled')];
  events.settlementBatch({ size: settled.length, confirmed, cancelled, durationMs, attempts: 1 });
  const now = clock.now().getTime();
  for (const { order, outcome, refund } of settled) {
    search.add(order._id);
    if (outcome === 'parked') {
      reportParked(events, order);
      continue;
    }
    const charge = findPayingCharge(order);
    const lagMs = Math.max(0, now - (charge?.paidAt?.getTime() ?? now));
    events.orderSettled({ orderId: String(order._id), outcome, lagMs });
    if (refund) reportRequested(events, order, refund);
  }
  if (areEmailsWaiting) await jobs.enqueueEmails();
  if (cancelled > 0) await jobs.enqueueRefunds();
}

/** These changed nothing that a job or a person has to act on. */
const SILENT_OUTCOMES: ReadonlySet<ChargeOutcome> = new Set([
  'unchanged',
  'open',
  'needs_verification',
  'reversal',
  'unknown_reference',
]);

/** The charge cannot pay for an order, so its full refund was requested. */
function isOwedBack(outcome: ChargeOutcome): boolean {
  return outcome === 'duplicate_payment' || outcome === 'late_payment';
}

function report(events: JobEvents, after: Order, change: OrderChanged): void {
  const orderId = String(after._id);
  switch (change.kind) {
    case 'charge_recorded':
      reportCharge(events, after, change);
      break;
    case 'external_refunds_entered':
      if (change.outcome === 'review') events.reviewOpened({ orderId, reference: change.reference, kind: 'refund' });
      else events.externalRefunds({ orderId, reference: change.reference });
      for (const { refundId, duplicateIds = [] } of change.copied)
        events.refundDuplicate({ orderId, refundId, count: duplicateIds.length + 1 });
      break;
    case 'refund_recorded':
      reportRefund(events, after, change);
      break;
    case 'dispute_recorded': {
      const { disputeId, reference, state } = change;
      events.disputeChanged({ orderId, disputeId, state });
      reportExcess(events, after, reference);
      break;
    }
    case 'reversal_recorded': {
      const { reference, outcome, refundId } = change;
      if (outcome === 'review') events.reviewOpened({ orderId, reference, kind: 'reversal' });
      const refund = refundOf(after, refundId);
      if (refund) reportRequested(events, after, refund);
      break;
    }
    case 'expired':
      events.orderExpired({ orderId });
      break;
    case 'settlement_parked':
      reportParked(events, after);
      break;
    case 'requested': {
      const refund = refundOf(after, change.refundId);
      if (refund) reportRequested(events, after, refund);
      for (const { reference } of after.payments) reportExcess(events, after, reference);
      break;
    }
    case 'dispute_answer_refused':
      events.disputeAnswerRefused({ orderId, disputeId: change.disputeId });
      break;
    case 'transfer_rejected':
      events.transferRejected({ orderId, reference: change.reference });
      break;
    case 'refunds_due':
    case 'reminded':
    case 'dispute_answered':
      break;
  }
}

function reportCharge(
  events: JobEvents,
  after: Order,
  { reference, outcome, source }: Extract<OrderChanged, { kind: 'charge_recorded' }>,
): void {
  if (SILENT_OUTCOMES.has(outcome)) return;
  const orderId = String(after._id);
  events.chargeRecorded({ orderId, reference, outcome, source });
  if (outcome === 'review') events.reviewOpened({ orderId, reference, kind: 'charge' });
  if (isOwedBack(outcome))
    for (const refund of after.refunds) if (refund.reference === reference) reportRequested(events, after, refund);
}

function reportRefund(
  events: JobEvents,
  after: Order,
  { before, duplicateIds = [] }: Extract<OrderChanged, { kind: 'refund_recorded' }>,
): void {
  const { refundId } = before;
  const orderId = String(after._id);
  if (duplicateIds.some((id) => !before.duplicateIds?.includes(id)))
    events.refundDuplicate({ orderId, refundId, count: duplicateIds.length + 1 });
  const refund = refundOf(after, refundId) ?? before;
  if (refund.state !== before.state) events.refundRecorded({ orderId, refundId, state: refund.state });
  if (refund.balanceLowSince !== undefined && before.balanceLowSince === undefined) {
    const { amount, reference } = refund;
    events.refundBalanceLow({ orderId, refundId, amount, currency: currencyOfCharge(after, reference) });
  }
  if (refund.state === 'processed' && before.state !== 'processed') reportExcess(events, after, before.reference);
}

function reportExcess(events: JobEvents, after: Order, reference: string): void {
  const charge = findAttempt(after, reference);
  if (charge?.amount === undefined) return;
  const { excess, currency } = returnedMoney(after, charge);
  if (excess > 0) events.returnedInExcess({ orderId: String(after._id), reference, amount: excess, currency });
}

function reportParked(events: JobEvents, { _id, settlement }: Pick<Order, '_id' | 'settlement'>): void {
  events.settlementParked({ orderId: String(_id), attempts: settlement.attempts });
}

function reportRequested(
  events: JobEvents,
  order: Pick<Order, '_id' | 'payments' | 'currency'>,
  { refundId, reference, amount, cause }: Refund,
): void {
  const currency = currencyOfCharge(order, reference);
  events.refundRequested({ orderId: String(order._id), refundId, kind: cause, amount, currency });
}

function refundOf({ refunds }: Order, refundId: string): Refund | undefined {
  return refunds.find((refund) => refund.refundId === refundId);
}

interface WakeUpsDue {
  /** The reference that was paid. */
  settlement?: string;
  emails?: boolean;
  refunds?: boolean;
  disputes?: boolean;
}

/** The jobs that have work because of the change. */
function wakeUpsOf(after: Order, change: OrderChanged): WakeUpsDue {
  switch (change.kind) {
    case 'charge_recorded':
      if (change.outcome === 'paid') return { settlement: change.reference };
      if (change.outcome === 'review') return { emails: true };
      return isOwedBack(change.outcome) ? { emails: true, refunds: true } : {};
    case 'external_refunds_entered':
      return change.outcome === 'none' ? {} : { emails: true, refunds: true };
    case 'refunds_due':
      return { refunds: true };
    case 'refund_recorded': {
      const refund = refundOf(after, change.before.refundId) ?? change.before;
      // Another refund of the charge may have waited for this one to be sent.
      const gaveWay = isInFlight(change.before) && !isInFlight(refund);
      return {
        ...(refund.state === 'processed' && change.before.state !== 'processed' ? { emails: true } : {}),
        ...(gaveWay && after.refunds.some(isInFlight) ? { refunds: true } : {}),
      };
    }
    case 'dispute_recorded': {
      // A parked order may have waited for the end of the dispute; a lost one may have cancelled its order.
      if (change.state === 'lost') return { emails: true, refunds: true };
      return change.state === 'won' && after.status === 'pending' ? { settlement: change.reference } : {};
    }
    case 'reversal_recorded':
      return { emails: true, refunds: true };
    case 'expired':
    case 'reminded':
      return { emails: true };
    case 'requested':
      return { emails: true, refunds: true, ...(change.settles === undefined ? {} : { settlement: change.settles }) };
    case 'dispute_answered':
      return { disputes: true };
    case 'settlement_parked':
    case 'dispute_answer_refused':
    case 'transfer_rejected':
      return {};
  }
}

async function wake(
  jobs: WakeUps,
  { _id }: Order,
  { settlement, emails, refunds, disputes }: WakeUpsDue,
): Promise<void> {
  await Promise.all([
    settlement === undefined ? undefined : jobs.enqueueSettlement({ orderId: String(_id), txRef: settlement }),
    emails ? jobs.enqueueEmails() : undefined,
    refunds ? jobs.enqueueRefunds() : undefined,
    disputes ? jobs.enqueueDisputes() : undefined,
  ]);
}
