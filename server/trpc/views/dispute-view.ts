/** Disputes and their answers, as staff see them. */
import { describeAmount, formatMoney } from '../../../models/contract/money.ts';
import type { StaffOrderView } from '../../../models/contract/staff-orders.ts';
import { stateOfAnswer } from '../../../models/dispute/answer/answer-state.ts';
import { needsAnswer } from '../../../models/dispute/open-disputes.ts';
import type { HistoryEntry } from '../../../models/order/history.ts';
import type { Dispute, Order } from '../../../models/order/order-document.ts';
import { currencyOfCharge, findAttempt } from '../../../models/order/payment-status.ts';
import { formatInstant } from '../../../models/shop-time.ts';
import { type ActorNames, toActorView } from './actor-view.ts';

const iso = (at: Date | undefined) => at?.toISOString() ?? null;

type DisputeView = StaffOrderView['disputes'][number];

export function toDisputeView(order: Order, dispute: Dispute, names: ActorNames): DisputeView {
  const { disputeId, reference, state, amount, category, openedAt, answerBy, endedAt } = dispute;
  return {
    id: disputeId,
    reference,
    state,
    amount: amount ?? null,
    currency: currencyOfCharge(order, reference),
    category: category ?? null,
    openedAt: openedAt.toISOString(),
    answerBy: iso(answerBy),
    answerByAssumed: dispute.answerByAssumed === true,
    bankDeciding: dispute.bankDeciding === true,
    answer: toAnswerView(dispute, names),
    endedAt: iso(endedAt),
  };
}

function toAnswerView({ answer }: Dispute, names: ActorNames): DisputeView['answer'] {
  if (answer === undefined) return null;
  const { resolution, message, refundAmount, evidence, fileId, by, at, sentAt, lastError } = answer;
  return {
    state: stateOfAnswer(answer),
    resolution,
    message,
    refundAmount: refundAmount ?? null,
    evidence: evidence === undefined ? null : { ...evidence },
    file: fileId === undefined ? 'receipt' : 'attached',
    by: toActorView(by, names),
    at: at.toISOString(),
    sentAt: iso(sentAt),
    lastError: lastError ?? null,
  };
}

/** The advice for a dispute that waits for the shop; null for any other. */
export function disputeAdvice(order: Order, dispute: Dispute, timeZone: string): string | null {
  if (!needsAnswer(dispute)) return null;
  const { reference, amount, answerBy, answerByAssumed, answer } = dispute;
  const charge = findAttempt(order, reference);
  const money = formatMoney({ amount: amount ?? charge?.amount ?? 0, currency: currencyOfCharge(order, reference) });
  const by = answerBy === undefined ? '' : ` by ${formatInstant(answerBy, timeZone)}`;
  const assumed = answerByAssumed === true ? ' (Paystack named no deadline; this is the earliest that it may be)' : '';
  const disputed = `The customer's bank disputes ${money}`;
  const state = answer === undefined ? null : stateOfAnswer(answer);
  if (state === 'refused')
    return `${disputed}, and Paystack did not take the answer: ${answer?.lastError ?? ''} Give another one${by}${assumed}. Without an answer it is lost.`;
  if (state !== null)
    return `${disputed}. Your answer is on its way to Paystack, and must be there${by}${assumed}${answer?.lastError === undefined ? '.' : `; the last try failed: ${answer.lastError}`}`;
  return `${disputed}: answer it below${by}${assumed}. Without an answer it is lost.`;
}

type DisputeEntry = Extract<HistoryEntry, { type: keyof typeof DISPUTE_TEXTS }>;

export function describeDisputeStep(order: Order, entry: DisputeEntry | AnswerEntry): string {
  switch (entry.type) {
    case 'dispute_answered':
    case 'dispute_answer_sent':
    case 'dispute_answer_refused':
      return describeAnswer(order, entry);
    default:
      return `dispute ${entry.data.disputeId} of ${entry.data.reference} ${DISPUTE_TEXTS[entry.type]}${takenText(order, entry.data)}`;
  }
}

const DISPUTE_TEXTS = {
  dispute_opened: 'is open',
  dispute_reopened: 'is open again',
  dispute_updated: 'has changed',
  dispute_won: 'is won',
  dispute_lost: 'is lost',
} as const;

function takenText(order: Order, { reference, returned = 0 }: { reference: string; returned?: number }): string {
  if (returned === 0) return '';
  const amount = describeAmount(Math.abs(returned), currencyOfCharge(order, reference));
  return returned > 0 ? `; the bank returned ${amount} to the customer` : `; ${amount} is with the shop again`;
}

type AnswerEntry = Extract<
  HistoryEntry,
  { type: 'dispute_answered' | 'dispute_answer_sent' | 'dispute_answer_refused' }
>;

function describeAnswer(order: Order, { type, data }: AnswerEntry): string {
  const dispute = `dispute ${data.disputeId} of ${data.reference}`;
  if (type === 'dispute_answer_sent') return `the answer to ${dispute} is at Paystack; the bank decides`;
  if (type === 'dispute_answer_refused') return `Paystack did not take the answer to ${dispute}`;
  if (data.resolution === 'decline') return `${dispute} answered: declined, with evidence`;
  const amount = describeAmount(data.amount ?? 0, currencyOfCharge(order, data.reference));
  return `${dispute} answered: accepted, ${amount} goes back`;
}
