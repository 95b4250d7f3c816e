/**
 * Refunds on their way (models/refund/request-refund begins them): claimed by one worker at a time, ended by what Paystack says.
 * Never more than was captured, one in flight per charge. Each open refund has a `dueAt`; the order's `refundDueAt`, the first of them, is what workers look for.
 */

import type { Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import type { Database } from '../db/database.ts';
import { toMajorUnits } from '../money.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { currencyOfCharge, findAttempt, isLostInDispute, processedRefunds } from '../order/payment-status.ts';
import { canOrderGo, canRefundGo, isRefundOpen, type RefundState } from '../order/status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';
import { noteOf } from './listed-refunds.ts';

/** A worker has this long to list and to send; its own deadline is well under it. */
export const REFUND_CLAIM_MS = 120_000;
/** After this many definite refusals a person must look. */
const MAX_REFUSALS = 8;
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3600_000;
/** A refund that Paystack works on is asked about every 10 minutes: banks take days, webhooks tell sooner. */
const ASK_AGAIN_MS = 10 * 60_000;

/** Paystack's word for a refund's state, in ours; `pending` for words we do not know, so that we ask again. */
export function toRefundState(status: string): RefundState {
  if (status === 'processed') return 'processed';
  if (status === 'failed') return 'failed';
  return status === 'needs-attention' || status === 'needs_attention' ? 'needs_attention' : 'pending';
}

/** Orders whose refunds want work by `now`, the longest due first. */
export async function findDueRefunds(db: Database, now: Date, limit: number): Promise<Types.ObjectId[]> {
  const due = await db.orders
    .find({ refundDueAt: { $lte: now } }, { _id: 1 })
    .sort({ refundDueAt: 1 })
    .limit(limit)
    .lean<Pick<Order, '_id'>[]>();
  return due.map(({ _id }) => _id);
}

/**
 * Claims the order's refund that is due, for 120 s, by moving its `dueAt` on. Null when none is due or another worker
 * was faster. May be raced: one worker gets it.
 */
export async function claimRefund(
  db: Database,
  orderId: Types.ObjectId,
  now: Date,
): Promise<{ order: Order; refund: Refund } | null> {
  let claimedId: string | null = null;
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const due = order.refunds.find((refund) => isRefundOpen(refund.state) && (refund.dueAt ?? now) <= now);
      claimedId = due?.refundId ?? null;
      if (!due) return null;
      const dueAt = new Date(now.getTime() + REFUND_CLAIM_MS);
      return { set: { refunds: replaceRefund(order, { ...due, dueAt }) }, actor: 'system' };
    },
    now,
  );
  const refund = order.refunds.find(({ refundId }) => refundId === claimedId);
  return changed && refund ? { order, refund } : null;
}

/** May a refund that Paystack does not have be sent now? Only `send` says yes; the others say why not. */
export type SendDecision = 'send' | 'claim lost' | 'waiting for staff' | 'disputed' | 'lost in dispute';

/**
 * The last look before a refund is sent. `send` notes that it is about to be: from here on its outcome is unknown until
 * Paystack's list tells. `claim lost`: its holder was paused, another worker has it. One that needs attention waits for
 * staff's retry. While a dispute of its charge stands it waits, for the bank may give the same money back; once that is
 * lost it ends here, as failed. `claimed` is the refund as claimed.
 */
export async function markRefundSent(
  db: Database,
  orderId: Types.ObjectId,
  claimed: Refund,
  now: Date,
): Promise<SendDecision> {
  let decision: SendDecision = 'claim lost';
  await changeOrder(
    db,
    orderId,
    (order) => {
      decision = 'claim lost';
      const refund = order.refunds.find(({ refundId }) => refundId === claimed.refundId);
      const stillOurs = refund?.dueAt?.getTime() === claimed.dueAt?.getTime() && refund?.gatewayRefundId === undefined;
      if (!refund || !stillOurs || !isRefundOpen(refund.state)) return null;
      decision = decideToSend(order, refund);
      return toOrderChange(order, sendStep(refund, decision, now), now);
    },
    now,
  );
  return decision;
}

function decideToSend(order: Order, { reference, state }: Refund): SendDecision {
  if (isLostInDispute(order, reference)) return 'lost in dispute';
  if (order.disputes.some((dispute) => dispute.reference === reference && dispute.state === 'open')) return 'disputed';
  return state === 'needs_attention' ? 'waiting for staff' : 'send';
}

function sendStep(refund: Refund, decision: SendDecision, now: Date): RefundStep {
  const after = (waitMs: number) => new Date(now.getTime() + waitMs);
  switch (decision) {
    case 'lost in dispute': {
      const lastError = 'the charge was lost in a dispute: the bank has given the money back';
      const reason = `refund of ${toMajorUnits(refund.amount)} is not sent: ${lastError}`;
      return { refund: { ...refund, state: 'failed', lastError }, reason };
    }
    case 'disputed':
      return { refund: { ...refund, dueAt: after(ASK_AGAIN_MS) } };
    case 'waiting for staff':
      return { refund: { ...refund, dueAt: after(LONGEST_RETRY_MS) } };
    default:
      return { refund: { ...refund, sentAt: now } };
  }
}

/**
 * Records what Paystack says about the refund; tells the customer when it is done. May be repeated and raced. `duplicateIds`:
 * further refunds that it made of ours. One under our note that is of another sum is not believed: a person must look.
 */
export async function recordRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  report: RefundReport,
  now: Date,
  duplicateIds: readonly string[] = [],
): Promise<Order> {
  const state = toRefundState(report.status);
  return changeRefund(db, orderId, refundId, now, (refund, order) => {
    const mismatch = findMismatch(order, refund, report);
    if (mismatch !== null) return { ...giveToStaff(refund, mismatch, refund.attempts, now), error: mismatch };
    const { lastError: _, ...rest } = refund;
    const moved = state !== refund.state && canRefundGo(refund.state, state);
    return {
      refund: {
        ...rest,
        gatewayRefundId: report.gatewayRefundId,
        ...(duplicateIds.length > 0 ? { duplicateIds: [...duplicateIds] } : {}),
        state: moved ? state : refund.state,
        dueAt: new Date(now.getTime() + ASK_AGAIN_MS),
      },
      ...(moved ? { reason: `refund of ${toMajorUnits(refund.amount)} is ${state}` } : {}),
    };
  });
}

/** Why a refund under our note cannot be the one that we asked for; null when it can. */
function findMismatch(order: Order, refund: Refund, { amount, currency, merchantNote }: RefundReport): string | null {
  const asked = currencyOfCharge(order, refund.reference);
  const same = amount === refund.amount && currency === asked;
  if (merchantNote !== noteOf(refund) || same) return null;
  return `Paystack made it of ${amount} ${currency} instead of ${refund.amount} ${asked} (subunits)`;
}

/** Waits for a person; looked at again each hour, for Paystack may have moved it meanwhile. */
function giveToStaff(refund: Refund, lastError: string, attempts: number, now: Date): RefundStep {
  const dueAt = new Date(now.getTime() + LONGEST_RETRY_MS);
  const after: Refund = { ...refund, state: 'needs_attention', attempts, lastError, dueAt };
  if (refund.state === 'needs_attention') return { refund: after };
  return { refund: after, reason: `refund of ${toMajorUnits(refund.amount)} needs attention: ${lastError}` };
}

export interface RefundFailure {
  message: string;
  /** True for a definite refusal, false when it says nothing about the refund (network, rate limit, wrong key). */
  counts: boolean;
  /** How long to wait; null for the usual back-off. */
  waitMs: number | null;
  /** Trying again cannot help. */
  giveUp?: boolean;
  /** Nothing went wrong: it is only too early, or a person's turn. */
  isWait?: boolean;
}

/** The call for the refund brought no answer or a refusal: try again later; a person must look after eight refusals. */
export async function postponeRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  failure: RefundFailure,
  now: Date,
): Promise<Order> {
  return changeRefund(db, orderId, refundId, now, (refund) => {
    const attempts = refund.attempts + (failure.counts ? 1 : 0);
    const error = failure.isWait ? {} : { error: `refund of ${toMajorUnits(refund.amount)}: ${failure.message}` };
    if (failure.giveUp === true || attempts >= MAX_REFUSALS)
      return { ...giveToStaff(refund, failure.message, attempts, now), ...error };
    const backOffMs = Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS);
    const dueAt = new Date(now.getTime() + (failure.waitMs ?? backOffMs));
    return { refund: { ...refund, attempts, lastError: failure.message, dueAt }, ...error };
  });
}

/** Asks for work on the order's open refunds at once: a hint was heard. A refund being worked on is left to its worker. */
export async function makeRefundsDue(db: Database, orderId: Types.ObjectId, now: Date): Promise<boolean> {
  const { changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const waiting = order.refunds.filter(
        ({ state, dueAt }) => isRefundOpen(state) && dueAt !== undefined && dueAt > now,
      );
      // A claim looks like a short wait; hurrying past one could send a twin, so only refunds that were sent are hurried.
      const hurried = waiting.filter(({ gatewayRefundId }) => gatewayRefundId !== undefined);
      if (hurried.length === 0) return null;
      const refunds = order.refunds.map((refund) => (hurried.includes(refund) ? { ...refund, dueAt: now } : refund));
      return { set: { refunds }, actor: 'system' };
    },
    now,
  );
  return changed;
}

interface RefundStep {
  refund: Refund;
  /** For the history, when the state moved. */
  reason?: string;
  /** What went wrong. */
  error?: string;
}

async function changeRefund(
  db: Database,
  orderId: Types.ObjectId,
  refundId: string,
  now: Date,
  alter: (refund: Refund, order: Order) => RefundStep,
): Promise<Order> {
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      const refund = order.refunds.find((other) => other.refundId === refundId);
      if (!refund || !isRefundOpen(refund.state)) return null;
      return toOrderChange(order, alter(refund, order), now);
    },
    now,
  );
  return order;
}

function toOrderChange(order: Order, { refund, reason, error }: RefundStep, now: Date): OrderChange {
  const failure = error === undefined ? {} : { failure: { job: 'processRefunds' as const, error } };
  if (!isRefundOpen(refund.state)) return { ...endRefund(order, refund, { now, actor: 'system', reason }), ...failure };
  return {
    set: { refunds: replaceRefund(order, refund) },
    actor: 'system',
    ...failure,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The change by which a refund reaches its end: the customer is told of a good one, and the last closes the order. Pure. */
export function endRefund(
  order: Order,
  ended: Refund,
  { now, actor, reason }: { now: Date; actor: string; reason: string | undefined },
): OrderChange {
  const { dueAt: _, ...refund } = { ...ended, endedAt: now };
  const refunds = replaceRefund(order, refund);
  const done = refund.state === 'processed';
  const closes = done && isFullyRefunded({ ...order, refunds }) && canOrderGo(order.status, 'refunded');
  // What was never shipped is still on the shelf.
  const restocks = closes && order.reservation === 'committed' && (refund.restock ?? order.status === 'confirmed');
  const data = { amount: refund.amount, refundId: refund.refundId, reason: refund.reason };
  return {
    set: {
      refunds,
      ...(closes ? { status: 'refunded' as const } : {}),
      ...(restocks ? { restocked: true } : {}),
    },
    actor,
    ...(restocks
      ? { stock: quantitiesByVariant(order.items).map((units) => ({ ...units, as: 'restock' as const })) }
      : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(done ? { emails: [{ kind: 'refund_done' as const, data }] } : {}),
  };
}

/** True when processed refunds have reached what the order's own charge captured. */
function isFullyRefunded(order: Order): boolean {
  const charge = order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
  return charge?.amount !== undefined && processedRefunds(order, charge.reference) >= charge.amount;
}

export function replaceRefund(order: Pick<Order, 'refunds'>, refund: Refund): Refund[] {
  return order.refunds.map((other) => (other.refundId === refund.refundId ? refund : other));
}
