import type { Types } from 'mongoose';
import type { DisputeState } from '../contract/statuses.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { HistoryEvent } from '../order/history.ts';
import type { Dispute, Order, PaymentAttempt } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt } from '../order/payment-status.ts';
import type { DisputeReport } from '../payment/gateway-reports.ts';
import { takenBy } from '../payment/returned-money.ts';
import { endAfterReturn } from '../refund/outside/end-after-return.ts';
import { queuedForSettlement } from '../settlement/settlement-queue.ts';
import { answerAfter } from './answer/answer-state.ts';
import { isDisputed, isOpenDispute } from './open-disputes.ts';

/** An open dispute is read again so often, in case that the webhook about its end is lost. */
const READ_EVERY_MS = 3600_000;
/** Paystack's shortest time for an answer (Nigeria), taken where it names no deadline. */
const ASSUMED_ANSWER_MS = 16 * 3600_000;

export interface DisputeChange {
  order: Order;
  changed: boolean;
  /** The dispute's state after it; null when the order has no such charge. */
  state: DisputeState | null;
}

/** A webhook of an unknown dispute. */
export interface DisputeHint {
  disputeId: string;
  reference: string;
  answerBy: Date | null;
  now: Date;
}

/**
 * Stores an unknown dispute as open, so that nothing is shipped or refunded until it is read at Paystack. A known one
 * stays as it is: a webhook can be replayed. May be repeated and raced.
 */
export async function noteDispute(db: Database, orderId: Types.ObjectId, hint: DisputeHint): Promise<DisputeChange> {
  const { order, changed } = await changeOrder(db, orderId, (order) => noteOfDispute(order, hint), hint.now);
  return { order, changed, state: findDispute(order, hint.disputeId)?.state ?? null };
}

export function noteOfDispute(order: Order, { disputeId, reference, answerBy, now }: DisputeHint): OrderChange | null {
  if (findAttempt(order, reference) === null || findDispute(order, disputeId) !== null) return null;
  const deadline = answerBy === null ? assumedDeadline(now) : { answerBy };
  const dispute: Dispute = { disputeId, reference, state: 'open', openedAt: now, dueAt: now, ...deadline };
  return {
    set: { disputes: [...order.disputes, dispute] },
    actor: 'paystack',
    event: { type: 'dispute_opened', data: { disputeId, reference } },
  };
}

export interface ReportedDispute {
  report: DisputeReport;
  /** Of the charge that the report is about. */
  reference: string;
  /** The id of the refund, should one be owed. */
  refundId: string;
  now: Date;
}

/**
 * Records a dispute as it was read at Paystack; the report with the newest `updatedAt` wins. May be repeated, raced and
 * called in any order; the end of a dispute waits until its payment is recorded. An open one blocks refunds and shipping. A lost one is money that went back. A won one frees an order
 * that was parked meanwhile. A charge of another order changes nothing.
 */
export async function recordDispute(
  db: Database,
  orderId: Types.ObjectId,
  reported: ReportedDispute,
): Promise<DisputeChange> {
  const { order, changed } = await changeOrder(db, orderId, (order) => decideDispute(order, reported), reported.now);
  return { order, changed, state: findDispute(order, reported.report.disputeId)?.state ?? null };
}

export function decideDispute(order: Order, reported: ReportedDispute): OrderChange | null {
  const { report, reference, now } = reported;
  const charge = findAttempt(order, reference);
  if (charge === null) return null;
  const known = findDispute(order, report.disputeId);
  if (known !== null && isOlder(report, known)) return null;
  const dispute = toDispute(known, charge, reported);
  if (known !== null && isSame(known, dispute)) return null;
  const disputes = [...order.disputes.filter(({ disputeId }) => disputeId !== dispute.disputeId), dispute];
  const after = { ...order, disputes };
  const returned = takenBy(dispute, charge) - (known === null ? 0 : takenBy(known, charge));
  const ending = returned > 0 ? endAfterReturn(after, reference, { taken: returned, ...reported }) : null;
  return {
    set: { disputes, ...freed(after, charge, dispute, now), ...ending?.set },
    actor: 'paystack',
    ...(ending?.stock === undefined ? {} : { stock: ending.stock }),
    ...withEvent(ending?.event ?? eventOf(known, dispute, returned)),
  };
}

const withEvent = (event: HistoryEvent | null) => (event === null ? {} : { event });

function findDispute({ disputes }: Order, disputeId: string): Dispute | null {
  return disputes.find((dispute) => dispute.disputeId === disputeId) ?? null;
}

/** Of two reports of one instant, the one that ends the dispute is the newer. */
function isOlder(report: DisputeReport, known: Dispute): boolean {
  if (known.gatewayUpdatedAt === undefined || report.updatedAt === null) return false;
  if (report.updatedAt.getTime() !== known.gatewayUpdatedAt.getTime()) return report.updatedAt < known.gatewayUpdatedAt;
  return !isOpenDispute(known) && toDisputeState(report) === 'open';
}

/** Words that Paystack uses for an open dispute; any other is open as well, with an alert. */
const OPEN_WORDS: ReadonlySet<string> = new Set(['awaiting-merchant-feedback', 'awaiting-bank-feedback', 'pending']);

/** True for a status that PaystackService's sources do not name. */
export function isUnknownDisputeStatus(status: string): boolean {
  return !OPEN_WORDS.has(status) && status !== 'resolved' && status !== 'archived';
}

/** Resolved is won only as `declined`; archived without a resolution is closed for us. */
export function toDisputeState({ status, resolution }: Pick<DisputeReport, 'status' | 'resolution'>): DisputeState {
  if (status === 'archived') return resolution === null || resolution === 'declined' ? 'won' : 'lost';
  if (status !== 'resolved') return 'open';
  return resolution === 'declined' ? 'won' : 'lost';
}

function toDispute(
  known: Dispute | null,
  charge: PaymentAttempt,
  { report, reference, now }: ReportedDispute,
): Dispute {
  // The end of a dispute counts once its payment is recorded: before that, nobody knows what a lost one has taken.
  const state = charge.amount === undefined ? 'open' : toDisputeState(report);
  const { disputeId, amount, currency, category, updatedAt } = report;
  // An amount of another currency than the charge's cannot be counted; the whole charge is the careful reading.
  const counts = amount !== null && (currency === null || currency === (charge.currency ?? currency));
  const deadline = deadlineOf(known, report, now);
  return {
    disputeId,
    reference,
    state,
    openedAt: report.createdAt ?? known?.openedAt ?? now,
    ...(counts ? { amount } : {}),
    ...(category === null ? {} : { category }),
    ...deadline,
    ...alertsOf(known, deadline),
    ...(report.status === 'awaiting-bank-feedback' ? { bankDeciding: true } : {}),
    ...answerAfter(known, report, now),
    ...(state === 'open'
      ? { dueAt: new Date(now.getTime() + READ_EVERY_MS) }
      : { endedAt: endOf(known, updatedAt, now) }),
    ...(updatedAt === null ? {} : { gatewayUpdatedAt: updatedAt }),
  };
}

function endOf(known: Dispute | null, updatedAt: Date | null, now: Date): Date {
  return known?.endedAt ?? updatedAt ?? now;
}

/** Staff are alerted anew of a deadline that was moved after an alert. */
function alertsOf(
  known: Dispute | null,
  { answerBy }: Pick<Dispute, 'answerBy'>,
): Pick<Dispute, 'alertedHours' | 'deadlineNo'> {
  const { alertedHours, deadlineNo } = known ?? {};
  const number = deadlineNo === undefined ? {} : { deadlineNo };
  if (alertedHours === undefined) return number;
  if (answerBy?.getTime() === known?.answerBy?.getTime()) return { ...number, alertedHours };
  return { deadlineNo: (deadlineNo ?? 1) + 1 };
}

/** A deadline that Paystack has named is kept when a later report names none, unless the dispute was opened again. */
function deadlineOf(
  known: Dispute | null,
  report: DisputeReport,
  now: Date,
): Pick<Dispute, 'answerBy' | 'answerByAssumed'> {
  const { answerBy, createdAt, updatedAt } = report;
  if (answerBy !== null) return { answerBy };
  const reopened = known !== null && !isOpenDispute(known) && toDisputeState(report) === 'open';
  if (!reopened && known?.answerBy !== undefined && known.answerByAssumed !== true) return { answerBy: known.answerBy };
  return assumedDeadline((reopened ? updatedAt : createdAt) ?? known?.openedAt ?? now);
}

function assumedDeadline(openedAt: Date): Pick<Dispute, 'answerBy' | 'answerByAssumed'> {
  return { answerBy: new Date(openedAt.getTime() + ASSUMED_ANSWER_MS), answerByAssumed: true };
}

/** When it is next read is bookkeeping of the claim alone. */
function isSame(a: Dispute, b: Dispute): boolean {
  const facts = ({ dueAt: _, ...dispute }: Dispute) =>
    JSON.stringify(Object.entries(dispute).sort(([x], [y]) => (x < y ? -1 : 1)));
  return facts(a) === facts(b);
}

const TYPE_OF_END = { won: 'dispute_won', lost: 'dispute_lost' } as const;

/** null for a change of the deadline or the category alone. */
function eventOf(known: Dispute | null, dispute: Dispute, returned: number): HistoryEvent | null {
  const { disputeId, reference, state } = dispute;
  const data = { disputeId, reference, ...(returned === 0 ? {} : { returned }) };
  if (known?.state === state) {
    const isSent = known.answer?.sentAt === undefined && dispute.answer?.sentAt !== undefined;
    if (isSent) return { type: 'dispute_answer_sent', data: { disputeId, reference } };
    return returned === 0 ? null : { type: 'dispute_updated', data };
  }
  if (state === 'open') return { type: known === null ? 'dispute_opened' : 'dispute_reopened', data };
  return { type: TYPE_OF_END[state], data };
}

/** Puts an order back into the queue that was parked because of the dispute, and is free of disputes now. */
function freed(order: Order, charge: PaymentAttempt, { state }: Dispute, now: Date): OrderChange['set'] {
  const { status, paymentStatus, paidReference, settlement } = order;
  const parked = status === 'pending' && paymentStatus === 'paid' && settlement.parkedAt !== undefined;
  const free = state === 'won' && paidReference === charge.reference && !isDisputed(order, charge.reference);
  return parked && free ? queuedForSettlement(order, now) : {};
}
