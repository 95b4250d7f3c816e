import type { Types } from 'mongoose';
import type { ActionKey } from '../../action-key.ts';
import { formatMoney } from '../../contract/money.ts';
import type { DisputeResolution } from '../../contract/statuses.ts';
import type { Database } from '../../db/database.ts';
import { AppError, notFound } from '../../errors.ts';
import { type ChangeResult, changeOrder } from '../../order/change-order.ts';
import { assertHistoryHasRoom, conflict } from '../../order/guards.ts';
import type { Actor } from '../../order/history.ts';
import { isInFlight } from '../../order/money/open-refunds.ts';
import type { Order } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import { findAttempt } from '../../order/payment-status.ts';
import { returnedMoney } from '../../payment/returned-money.ts';
import { keyed } from '../../staff-actions/keyed.ts';
import { type Expected, expecting } from '../../staff-actions/preview.ts';
import type { Dispute } from '../dispute-document.ts';
import { isOpenDispute } from '../open-disputes.ts';
import type { DisputeAnswer, DisputeEvidence } from './answer-document.ts';
import { isUnderWay } from './answer-state.ts';

export interface AnswerRequest {
  disputeId: string;
  resolution: DisputeResolution;
  message: string;
  /** With `accept`: subunits; all that can be accepted when not given. */
  refundAmount?: number;
  /** With `decline`. */
  evidence?: DisputeEvidence;
  fileId?: string;
  actor: Actor;
  now: Date;
}

/**
 * Stores staff's answer to a dispute, to be sent by processDisputes. The first one stands; a repeat of its key changes
 * nothing. May be raced by a webhook, a refund and another answer. Throws NOT_FOUND, ORDER_STATE_CONFLICT (answered before,
 * ended, with the bank, a refund being sent), REFUND_EXCEEDS_PAYMENT, ACTION_KEY_REUSED, PREVIEW_OUTDATED.
 */
export async function answerDispute(
  db: Database,
  orderId: Types.ObjectId,
  request: AnswerRequest,
  { key, expected }: { key: ActionKey; expected?: Expected | undefined },
): Promise<ChangeResult> {
  const decide = (order: Order) => decideAnswer(order, request, key.id);
  return changeOrder(db, orderId, keyed(key, expecting(decide, expected)), request.now);
}

export function decideAnswer(order: Order, request: AnswerRequest, key: string): OrderChange {
  const dispute = order.disputes.find(({ disputeId }) => disputeId === request.disputeId);
  if (dispute === undefined) throw notFound('Dispute');
  assertAnswerable(order, dispute, request.now);
  const { disputeId, reference } = dispute;
  const { resolution, actor } = request;
  const answer = toAnswer(order, dispute, request, key);
  const amount = answer.refundAmount === undefined ? {} : { amount: answer.refundAmount };
  return {
    set: { disputes: withAnswer(order, dispute, answer) },
    actor,
    event: { type: 'dispute_answered', data: { disputeId, reference, resolution, ...amount } },
  };
}

function assertAnswerable(order: Order, dispute: Dispute, now: Date): void {
  if (!isOpenDispute(dispute)) throw conflict(order, 'this dispute has ended');
  if (dispute.bankDeciding === true) throw conflict(order, 'the bank decides about this dispute; no answer is awaited');
  if (dispute.answer?.sentAt !== undefined || isUnderWay(dispute.answer))
    throw conflict(order, 'this dispute was answered before');
  if (isRefundBeingSent(order, dispute.reference, now))
    throw conflict(order, 'a refund of this payment is being sent right now; answer in some minutes');
  assertHistoryHasRoom(order);
}

/**
 * After this time a refund that was sent without a reply is in Paystack's list, or was not made. Longer than the wait of
 * processRefunds and the claim together.
 */
const SENDING_MS = 5 * 60_000;

/**
 * True while Paystack may have got a refund of this charge that its list does not show yet. A refund that was not sent is
 * none: it waits for the end of the dispute, and counts in what can be accepted.
 */
export function isRefundBeingSent({ refunds }: Pick<Order, 'refunds'>, reference: string, now: Date): boolean {
  return refunds.some(
    (refund) =>
      refund.reference === reference &&
      isInFlight(refund) &&
      refund.sentAt !== undefined &&
      now.getTime() - refund.sentAt.getTime() < SENDING_MS,
  );
}

function toAnswer(order: Order, dispute: Dispute, request: AnswerRequest, key: string): DisputeAnswer {
  const { resolution, message, evidence, fileId, actor, now } = request;
  return {
    resolution,
    message,
    ...(resolution === 'accept' ? { refundAmount: acceptedAmount(order, dispute, request) } : {}),
    ...(resolution === 'decline' && evidence !== undefined ? { evidence } : {}),
    ...(fileId === undefined ? {} : { fileId }),
    key,
    by: actor,
    at: now,
    dueAt: now,
  };
}

function acceptedAmount(order: Order, dispute: Dispute, { refundAmount }: AnswerRequest): number {
  const most = mostToAccept(order, dispute);
  const { currency } = returnedMoney(order, findAttempt(order, dispute.reference) ?? { reference: dispute.reference });
  if (most < 1)
    throw conflict(
      order,
      'nothing of this payment is left to give back; decline the dispute and show what went back before',
    );
  const amount = refundAmount ?? most;
  if (amount >= 1 && amount <= most) return amount;
  throw new AppError(
    'REFUND_EXCEEDS_PAYMENT',
    `At most ${formatMoney({ amount: most, currency })} of this payment can be given back for this dispute.`,
    { details: { refundable: most, currency } },
  );
}

/**
 * Subunits that an answer may give back: the disputed amount, as far as it is left of the charge. Open refunds and other
 * answers count as gone.
 */
export function mostToAccept(order: Order, dispute: Dispute): number {
  const charge = findAttempt(order, dispute.reference);
  if (charge === null) return 0;
  const others = order.disputes
    .filter(
      (other) => other.disputeId !== dispute.disputeId && other.reference === dispute.reference && isOpenDispute(other),
    )
    .reduce((total, { answer }) => total + acceptedBy(answer), 0);
  const { captured, left } = returnedMoney(order, charge);
  return Math.max(0, Math.min(dispute.amount ?? captured, left - others));
}

function acceptedBy(answer: DisputeAnswer | undefined): number {
  return answer === undefined || answer.refusedAt !== undefined ? 0 : (answer.refundAmount ?? 0);
}

/** The order's disputes with the answer in the place of an earlier one. */
export function withAnswer({ disputes }: Order, { disputeId }: Dispute, answer: DisputeAnswer): Dispute[] {
  return disputes.map((dispute) => (dispute.disputeId === disputeId ? { ...dispute, answer } : dispute));
}
