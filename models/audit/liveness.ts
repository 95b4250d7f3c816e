/**
 * I8: no work is overdue, and all pending work can be found. Overdue work is read from the partial indexes of due work;
 * the second is checked on each order.
 */
import type { ClientSession, mongo } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
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

/** A queue of documents, each with the instant at which it is due in `scalar`. */
interface DueQueue<Document extends mongo.Document> {
  collection: (db: Database) => mongo.Collection<Document>;
  scalar: string & keyof Document;
  filter: (cutoff: Date) => mongo.Filter<Document>;
  hint?: string;
}

function overdueIn<Document extends mongo.Document>(
  name: string,
  question: string,
  { collection, scalar, filter, hint }: DueQueue<Document>,
): OverdueCheck {
  return {
    id: 'I8',
    name,
    question,
    async run(db, cutoff, builder, session) {
      const options = { projection: { [scalar]: 1 }, session, ...(hint === undefined ? {} : { hint }) };
      for await (const document of collection(db).find(filter(cutoff), options)) {
        const dueAt: Date = document[scalar];
        builder.count();
        builder.addViolation(document._id, `was due at ${dueAt.toISOString()}`);
      }
    },
  };
}

const verifyOverdue = overdueIn('verify-overdue', 'Unpaid orders are verified at Paystack when they are due.', {
  collection: (db) => driverCollection(db.orders),
  scalar: 'verifyDueAt',
  filter: isVerifyDue,
});

const refundOverdue = overdueIn('refund-overdue', 'Refunds are processed when they are due.', {
  collection: (db) => driverCollection(db.orders),
  scalar: 'refundDueAt',
  filter: (cutoff) => ({ refundDueAt: { $lte: cutoff } }),
});

const returnsOverdue = overdueIn(
  'returns-overdue',
  'Open disputes, and charges that Paystack calls reversed, are read when they are due.',
  {
    collection: (db) => driverCollection(db.orders),
    scalar: 'disputeDueAt',
    filter: (cutoff) => ({ disputeDueAt: { $lte: cutoff } }),
    hint: ATTENTION_INDEX,
  },
);

const emailOverdue = overdueIn('email-overdue', 'Emails are sent or retried when they are due.', {
  collection: (db) => driverCollection(db.emails),
  scalar: 'dueAt',
  filter: (cutoff) => ({ dueAt: { $lte: cutoff } }),
});

const webhookOverdue = overdueIn('webhook-overdue', 'Webhooks are applied or retried when they are due.', {
  collection: (db) => driverCollection(db.webhookEvents),
  scalar: 'dueAt',
  filter: (cutoff) => ({ dueAt: { $lte: cutoff } }),
});

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
