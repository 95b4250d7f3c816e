/**
 * I8: no work is overdue, and all pending work can be found. Overdue work is read from the partial indexes of due work;
 * the second is checked on each order.
 */
import type { ClientSession } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Email } from '../messaging/email-document.ts';
import type { InboxEvent } from '../messaging/inbox-event.ts';
import type { Order } from '../order/order-document.ts';
import { ATTENTION_INDEX } from '../order/order-schema.ts';
import { isHeldUp, isInReview } from '../order/payment-status.ts';
import { parkedLoops } from '../order/stuck/parked-loops.ts';
import { isVerifyDue } from '../payment/verify-queue.ts';
import { type AuditCheck, type AuditScope, type CheckResult, CheckResultBuilder } from './check.ts';
import type { OrderCheck } from './scan-orders.ts';

/** Finds work that was due by `cutoff`, the audit's instant less its grace. */
interface OverdueCheck extends AuditCheck {
  run(db: Database, cutoff: Date, builder: CheckResultBuilder, session: ClientSession): Promise<void>;
}

const settlementOverdue: OverdueCheck = {
  id: 'I8',
  name: 'settlement-overdue',
  question: 'No paid order has waited for settlement longer than the grace period, unless it is parked or in review.',
  async run(db, cutoff, builder, session) {
    const waiting = driverCollection(db.orders).find<Pick<Order, '_id' | 'settlement' | 'history'>>(
      { status: 'pending', 'settlement.queuedAt': { $lte: cutoff } },
      { projection: { settlement: 1, history: { $slice: -1 } }, session },
    );
    for await (const { _id, settlement, history } of waiting) {
      builder.count();
      // queuedAt is Paystack's time of payment. The wait counts from the charge's record, or from the last requeue.
      const since = history[0]?.at ?? settlement.queuedAt;
      if (since === undefined || since > cutoff) continue;
      const { attempts, lastError } = settlement;
      builder.addViolation(
        _id,
        `waits since ${since.toISOString()}${attempts > 0 ? `, failed ${attempts} times: ${lastError}` : ''}`,
      );
    }
  },
};

const verifyOverdue: OverdueCheck = {
  id: 'I8',
  name: 'verify-overdue',
  question: 'Unpaid orders are verified at Paystack when they are due.',
  async run(db, cutoff, builder, session) {
    const waiting = driverCollection(db.orders).find<Pick<Order, '_id' | 'verifyDueAt'>>(isVerifyDue(cutoff), {
      projection: { verifyDueAt: 1 },
      session,
    });
    for await (const { _id, verifyDueAt } of waiting) reportLate(builder, _id, verifyDueAt);
  },
};

const refundOverdue: OverdueCheck = {
  id: 'I8',
  name: 'refund-overdue',
  question: 'Refunds are processed when they are due.',
  async run(db, cutoff, builder, session) {
    const waiting = driverCollection(db.orders).find<Pick<Order, '_id' | 'refundDueAt'>>(
      { refundDueAt: { $lte: cutoff } },
      { projection: { refundDueAt: 1 }, session },
    );
    for await (const { _id, refundDueAt } of waiting) reportLate(builder, _id, refundDueAt);
  },
};

const returnsOverdue: OverdueCheck = {
  id: 'I8',
  name: 'returns-overdue',
  question: 'Open disputes, and charges that Paystack calls reversed, are read when they are due.',
  async run(db, cutoff, builder, session) {
    const waiting = driverCollection(db.orders).find<Pick<Order, '_id' | 'disputeDueAt'>>(
      { disputeDueAt: { $lte: cutoff } },
      { projection: { disputeDueAt: 1 }, hint: ATTENTION_INDEX, session },
    );
    for await (const { _id, disputeDueAt } of waiting) reportLate(builder, _id, disputeDueAt);
  },
};

const emailOverdue: OverdueCheck = {
  id: 'I8',
  name: 'email-overdue',
  question: 'Emails are sent or retried when they are due.',
  async run(db, cutoff, builder, session) {
    const waiting = driverCollection(db.emails).find<Pick<Email, '_id' | 'dueAt'>>(
      { dueAt: { $lte: cutoff } },
      { projection: { dueAt: 1 }, session },
    );
    for await (const { _id, dueAt } of waiting) reportLate(builder, _id, dueAt);
  },
};

const webhookOverdue: OverdueCheck = {
  id: 'I8',
  name: 'webhook-overdue',
  question: 'Webhooks are applied or retried when they are due.',
  async run(db, cutoff, builder, session) {
    const waiting = driverCollection(db.webhookEvents).find<Pick<InboxEvent, '_id' | 'dueAt'>>(
      { dueAt: { $lte: cutoff } },
      { projection: { dueAt: 1 }, session },
    );
    for await (const { _id, dueAt } of waiting) reportLate(builder, _id, dueAt);
  },
};

function reportLate(builder: CheckResultBuilder, id: unknown, dueAt: Date | undefined): void {
  builder.count();
  builder.addViolation(id, `was due at ${dueAt?.toISOString() ?? 'some time'}`);
}

export const OVERDUE_CHECKS: readonly OverdueCheck[] = [
  settlementOverdue,
  verifyOverdue,
  refundOverdue,
  returnsOverdue,
  emailOverdue,
  webhookOverdue,
];

/** Each check as of one instant. */
export async function auditOverdue(db: Database, { now, graceMs }: AuditScope): Promise<CheckResult[]> {
  const cutoff = new Date(now.getTime() - graceMs);
  const results: CheckResult[] = [];
  for (const check of OVERDUE_CHECKS) {
    results.push(
      await inSnapshot(db, async (session) => {
        const builder = new CheckResultBuilder(check);
        await check.run(db, cutoff, builder, session);
        return builder.result();
      }),
    );
  }
  return results;
}

export const findableCheck: OrderCheck = {
  id: 'I8',
  name: 'findable',
  question:
    'Each pending order is due for verification, queued for settlement, parked or in review; no other order is queued or due.',
  inspect: ({ order }) => {
    const { status, paymentStatus, settlement, verifyDueAt } = order;
    const queued = settlement.queuedAt !== undefined;
    const parked = settlement.parkedAt !== undefined;
    if (status !== 'pending')
      return [
        ...(queued || parked ? [`is ${status} and still waits for settlement`] : []),
        ...(verifyDueAt === undefined ? [] : [`is ${status} and still due for verification`]),
      ];
    if (queued && parked) return ['is parked and queued at once'];
    if (paymentStatus === 'unpaid')
      return [
        ...(verifyDueAt === undefined && !parkedLoops(order).includes('verifies')
          ? ['is unpaid, and is never verified']
          : []),
        ...(queued || parked ? ['is unpaid and waits for settlement'] : []),
      ];
    if (paymentStatus === 'paid') return queued || parked ? [] : ['is paid, and nothing will settle it'];
    const held = order.payments.some((attempt) => isInReview(attempt) || isHeldUp(order, attempt));
    return held ? [] : [`is pending while its payment is ${paymentStatus}`];
  },
};
