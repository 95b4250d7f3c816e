import type { Types } from 'mongoose';
import type { ActionKey } from '../action-key.ts';
import type { StockReturn } from '../catalogue/return-stock.ts';
import { deriveDisputeAnswerBy, deriveDisputeDueAt } from '../dispute/open-disputes.ts';
import { type JobFailure, withFailure } from '../job-failures.ts';
import { type Actor, type HistoryEntry, type HistoryEvent, STEP_BACK_TYPES } from './history.ts';
import { deriveRefundDueAt } from './money/open-refunds.ts';
import type { MutableOrderField, Order, OrderItem } from './order-document.ts';
import { derivePaymentStatus, deriveRefundAttentionSince, deriveReviewSince, hasExcess } from './payment-status.ts';
import { canAttemptGo, canOrderGo, canRefundGo, isStepBack } from './status.ts';
import { deriveStuckSince } from './stuck/parked-loops.ts';
import { deriveStatus } from './units.ts';

/** The part of an order that writing a change needs: the fields that its guards and derived fields come from. */
export type OrderState = Pick<
  Order,
  | '_id'
  | 'version'
  | 'status'
  | 'currency'
  | 'payments'
  | 'refunds'
  | 'shipments'
  | 'disputes'
  | 'paidReference'
  | 'failures'
  | 'paymentStatus'
  | 'reviewSince'
  | 'refundDueAt'
  | 'disputeDueAt'
  | 'disputeAnswerBy'
  | 'excessSince'
  | 'refundAttentionSince'
  | 'stuck'
  | 'stuckSince'
> & { items: readonly Pick<OrderItem, 'quantity'>[] };

/** A decided change. A field given as undefined is removed. The status of a sold order follows from its units instead. */
export interface OrderChange {
  set: { [Field in MutableOrderField]?: Order[Field] | undefined };
  actor: Actor;
  /**
   * For the history; the email that its type owes is queued in the same commit. Left out for bookkeeping that changes
   * neither status nor money.
   */
  event?: HistoryEvent;
  /** Stored in the history entry. */
  key?: ActionKey;
  stock?: StockReturn[];
  /** The outbox id of an email that must not have left yet: when a sender may have it, the write throws EmailTakenError. */
  waitingEmail?: string;
  /** Emails that are sent again: those with these ids, or all that are parked. Queued in the same commit. */
  requeue?: readonly string[] | 'parked';
  /** A job's failure on this order, for the timeline. */
  failure?: Pick<JobFailure, 'job' | 'error'>;
}

export interface OrderWrite<State extends OrderState = OrderState> {
  filter: { _id: Types.ObjectId; version: number };
  update: {
    $set: Record<string, unknown>;
    $unset?: Record<string, 1>;
    $inc: { version: 1 };
    $push?: Record<string, unknown>;
  };
  after: State;
  /** null for bookkeeping. */
  entry: HistoryEntry | null;
}

/**
 * The guarded write of a change, from the state it was decided on, with the derived fields that it moves. Pure.
 * Throws a plain Error for a change that the transition tables do not allow: that is a bug of the caller.
 */
export function toOrderWrite<State extends OrderState>(
  order: State,
  change: OrderChange,
  now: Date,
): OrderWrite<State> {
  const failed = change.failure === undefined ? {} : { failures: withFailure(order.failures, change.failure, now) };
  const changed: State = { ...order, ...change.set, ...failed, version: order.version + 1 };
  const derived = {
    status: deriveStatus(changed),
    paymentStatus: derivePaymentStatus(changed),
    reviewSince: deriveReviewSince(changed),
    refundDueAt: deriveRefundDueAt(changed),
    disputeDueAt: deriveDisputeDueAt(changed),
    disputeAnswerBy: deriveDisputeAnswerBy(changed),
    excessSince: hasExcess(changed) ? (order.excessSince ?? now) : undefined,
    refundAttentionSince: deriveRefundAttentionSince(changed),
    stuckSince: deriveStuckSince(changed),
  };
  const after: State = { ...changed, ...derived };
  assertAllowed(order, after, change);

  const $set: Record<string, unknown> = {};
  const $unset: Record<string, 1> = {};
  for (const [field, value] of Object.entries({ ...change.set, ...failed, ...movedFields(order, derived) })) {
    if (value !== undefined) $set[field] = value;
    else $unset[field] = 1;
  }
  const entry = historyEntry(order, after, change, now);
  return {
    filter: { _id: order._id, version: order.version },
    update: {
      $set,
      ...(Object.keys($unset).length > 0 ? { $unset } : {}),
      $inc: { version: 1 },
      ...(entry === null ? {} : { $push: { history: entry } }),
    },
    after,
    entry,
  };
}

type DerivedField =
  | 'status'
  | 'paymentStatus'
  | 'reviewSince'
  | 'refundDueAt'
  | 'disputeDueAt'
  | 'disputeAnswerBy'
  | 'excessSince'
  | 'refundAttentionSince'
  | 'stuckSince';

/**
 * The derived fields that differ from the stored ones. Fields that stay are left out, so that orders which differ in them
 * alone can share a statement.
 */
function movedFields(stored: OrderState, derived: { [Field in DerivedField]: OrderState[Field] | undefined }): object {
  const fields = Object.keys(derived) as DerivedField[];
  const moved = fields.filter((field) => stored[field]?.valueOf() !== derived[field]?.valueOf());
  return Object.fromEntries(moved.map((field) => [field, derived[field]]));
}

function historyEntry(before: OrderState, after: OrderState, change: OrderChange, now: Date): HistoryEntry | null {
  const statusesOf = ({ status, paymentStatus }: OrderState) => ({ status, paymentStatus });
  const { actor, event, key } = change;
  if (event === undefined) {
    if (before.status === after.status && before.paymentStatus === after.paymentStatus) return null;
    throw new Error(`Order ${before._id}: a change of status or money needs an event for the history.`);
  }
  const keyed = key === undefined ? {} : { key };
  return { seq: after.version, at: now, actor, ...event, ...keyed, from: statusesOf(before), to: statusesOf(after) };
}

/** Refuses transitions that the tables of models/order/status lack, and changes that would drop an attempt or a refund. */
function assertAllowed(before: OrderState, after: OrderState, { set, event }: OrderChange): void {
  const check = (subject: string, from: string, to: string | undefined, allowed: boolean) => {
    if (from !== to && !allowed)
      throw new Error(`Order ${before._id}: ${subject} cannot go from ${from} to ${to ?? 'nothing'}.`);
  };
  check('the order', before.status, after.status, canOrderGo(before.status, after.status));
  // A given status that does not follow from the units.
  check('the order', before.status, set.status ?? after.status, (set.status ?? after.status) === after.status);
  if (isStepBack(before.status, after.status) && !(event && STEP_BACK_TYPES.has(event.type)))
    throw new Error(`Order ${before._id}: only staff lead it back from ${before.status} to ${after.status}.`);
  for (const { reference, status } of before.payments) {
    const next = after.payments.find((attempt) => attempt.reference === reference)?.status;
    check(`payment ${reference}`, status, next, next !== undefined && canAttemptGo(status, next));
  }
  for (const { refundId, state } of before.refunds) {
    const next = after.refunds.find((refund) => refund.refundId === refundId)?.state;
    check(`refund ${refundId}`, state, next, next !== undefined && canRefundGo(state, next));
  }
}
