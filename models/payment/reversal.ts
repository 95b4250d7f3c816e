/**
 * Paystack's word `reversed` is a hint: it says neither how much of a charge went back nor why. The charge's refunds and
 * disputes are read and entered first; this file then decides whether they account for it.
 */
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { isDisputed } from '../dispute/open-disputes.ts';
import { changeOrder } from '../order/change-order.ts';
import type { HistoryEvent } from '../order/history.ts';
import type { Order, PaymentAttempt, Refund, Reversal } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt, isInReview } from '../order/payment-status.ts';
import { isRefundOpen } from '../order/status.ts';
import { newRefund, withRefund } from '../refund/new-refund.ts';
import { endAfterReturn } from '../refund/outside/end-after-return.ts';
import { withoutSettlement } from '../settlement/settlement-queue.ts';
import { replaceAttempt } from './replace-attempt.ts';
import { isAllReturned, returnedMoney } from './returned-money.ts';

/** Paystack may show the refund or the dispute behind a reversal some time after the reversal itself. */
export const ASK_AGAIN_MS = 2 * 60_000;
/** While a dispute is open its end is awaited, and it is read by itself. */
const DISPUTED_ASK_MS = 3600_000;

/**
 * - explained: refunds and disputes account for it
 * - postponed: they do not yet, and are read again later
 * - review: they do not at the second reading; staff enter how much went back
 * - known: staff have decided that before, or the charge is none
 */
export type ReversalOutcome = 'explained' | 'postponed' | 'review' | 'known';

export interface ReversalRequest {
  reference: string;
  /** The id of the refund, should one be owed. */
  refundId: string;
  now: Date;
}

/**
 * Records what the refunds and disputes of a reversed charge account for. Call it after they were read and entered. May be
 * repeated and raced.
 */
export async function recordReversal(
  db: Database,
  orderId: Types.ObjectId,
  request: ReversalRequest,
): Promise<{ outcome: ReversalOutcome; order: Order; changed: boolean }> {
  let outcome: ReversalOutcome = 'known';
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const decided = decideReversal(order, request);
      outcome = decided.outcome;
      return decided.change;
    },
    request.now,
  );
  return { outcome, order, changed };
}

/** Remembers a reversal whose refunds and disputes could not be read, so that the sweep reads them. May be repeated. */
export async function noteReversal(
  db: Database,
  orderId: Types.ObjectId,
  { reference, now }: Pick<ReversalRequest, 'reference' | 'now'>,
): Promise<void> {
  const decide = (order: Order): OrderChange | null => {
    const attempt = findAttempt(order, reference);
    if (attempt?.amount === undefined || attempt.reversal || isSettled(order, attempt)) return null;
    const reversal: Reversal = { askAt: new Date(now.getTime() + ASK_AGAIN_MS) };
    return {
      set: { payments: replaceAttempt(order, { ...attempt, reversal }), ...withoutSettlement(order, reference) },
      actor: 'paystack',
      event: { type: 'reversal_reported', data: { reference } },
    };
  };
  await changeOrder(db, orderId, decide, now);
}

/** True when Paystack calls the charge reversed, and neither its refunds and disputes nor staff account for it yet. */
export function isUnexplained(order: Order, attempt: PaymentAttempt): boolean {
  return attempt.reversal === undefined && !isSettled(order, attempt);
}

/** True when the question is answered, or with staff. */
function isSettled(order: Order, attempt: PaymentAttempt): boolean {
  return isInReview(attempt) || isExplained(order, attempt) || attempt.review?.cause === 'reversed_unexplained';
}

interface Decided {
  outcome: ReversalOutcome;
  change: OrderChange | null;
}

export function decideReversal(order: Order, request: ReversalRequest): Decided {
  const attempt = findAttempt(order, request.reference);
  if (attempt?.amount === undefined || isInReview(attempt)) return forget(order, attempt, 'known');
  if (isExplained(order, attempt)) return { outcome: 'explained', change: explain(order, attempt, request) };
  if (attempt.review?.cause === 'reversed_unexplained') return forget(order, attempt, 'known');
  const { askAt, unexplainedAt } = attempt.reversal ?? {};
  const { now } = request;
  const isAgain = unexplainedAt !== undefined && now.getTime() >= unexplainedAt.getTime() + ASK_AGAIN_MS;
  if (isAgain && !isDisputed(order, attempt.reference))
    return { outcome: 'review', change: openReview(order, attempt, now) };
  const isAsked = unexplainedAt !== undefined && askAt !== undefined && askAt > now;
  return { outcome: 'postponed', change: isAsked ? null : askLater(order, attempt, now) };
}

/** Money of the charge has gone back by Paystack's account, or is on its way there. Money that staff paid elsewhere is neither. */
function isExplained(order: Order, attempt: PaymentAttempt): boolean {
  const { byRefund, byDispute } = returnedMoney(order, attempt);
  return byRefund + byDispute > 0 || order.refunds.some((refund) => isOnItsWay(refund, attempt));
}

function isOnItsWay({ reference, state, gatewayRefundId }: Refund, attempt: PaymentAttempt): boolean {
  return reference === attempt.reference && isRefundOpen(state) && gatewayRefundId !== undefined;
}

function forget(order: Order, attempt: PaymentAttempt | null, outcome: ReversalOutcome): Decided {
  if (!attempt?.reversal) return { outcome, change: null };
  return { outcome, change: { set: { payments: replaceAttempt(order, withoutReversal(attempt)) }, actor: 'system' } };
}

export function withoutReversal<T extends PaymentAttempt>({ reversal: _, ...attempt }: T): Omit<T, 'reversal'> {
  return attempt;
}

/** The order may settle nothing meanwhile. */
function askLater(order: Order, attempt: PaymentAttempt, now: Date): OrderChange {
  const waitMs = isDisputed(order, attempt.reference) ? DISPUTED_ASK_MS : ASK_AGAIN_MS;
  const unexplainedAt = attempt.reversal?.unexplainedAt ?? now;
  const reversal: Reversal = { askAt: new Date(now.getTime() + waitMs), unexplainedAt };
  const payments = replaceAttempt(order, { ...attempt, reversal });
  const event = { type: 'reversal_reported', data: { reference: attempt.reference } } as const;
  return {
    set: { payments, ...withoutSettlement(order, attempt.reference) },
    actor: 'paystack',
    ...(attempt.reversal === undefined ? { event } : {}),
  };
}

function openReview(order: Order, attempt: PaymentAttempt, now: Date): OrderChange {
  const { reference } = attempt;
  const cause = 'reversed_unexplained' as const;
  const reviewed = { ...withoutReversal(attempt), review: { cause, openedAt: now } };
  return {
    set: { payments: replaceAttempt(order, reviewed), ...withoutSettlement(order, reference) },
    actor: 'paystack',
    event: { type: 'review_opened', data: { reference, cause } },
  };
}

/**
 * A sold order goes on, or has ended by the refunds and disputes themselves. A pending one is cancelled when all of its
 * charge has gone back, else staff decide. A charge that is owed back, and was recorded with its reversal, is owed its rest.
 */
function explain(
  order: Order,
  attempt: PaymentAttempt,
  { reference, refundId, now }: ReversalRequest,
): OrderChange | null {
  const explained = withoutReversal(attempt);
  const payments = replaceAttempt(order, explained);
  const fresh = { ...order, payments };
  const base = { set: { payments }, actor: 'paystack' } as const;
  const event: HistoryEvent = { type: 'reversal_explained', data: { reference } };
  const money = returnedMoney(order, attempt);
  if (order.status === 'pending' && (order.paidReference ?? reference) === reference) {
    const ending = isAllReturned(money) ? endAfterReturn(fresh, reference, { refundId, now }) : null;
    if (ending !== null) return { ...base, ...ending, set: { ...base.set, ...ending.set } };
    const reviewed = { ...explained, review: { cause: 'external_refund' as const, openedAt: now } };
    const set = { payments: replaceAttempt(order, reviewed), ...withoutSettlement(order, reference) };
    return { ...base, set, event: { type: 'review_opened', data: { reference, cause: 'external_refund' } } };
  }
  if (attempt.reversal === undefined) return null;
  if (order.paidReference === reference || money.left <= 0 || money.open > 0) return { ...base, event };
  const cause = order.status === 'cancelled' ? 'late_payment' : 'duplicate_payment';
  const owed = newRefund(explained, money.left, cause, 'system', { refundId, now });
  return {
    ...base,
    set: { payments, refunds: withRefund(order, explained, owed) },
    event: { type: 'charge_owed_back', data: { reference, cause, refundId, amount: owed.amount } },
  };
}
