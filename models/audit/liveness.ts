/**
 * I8: nothing waits longer than it must, and nothing that waits can be overlooked. The first is asked of the partial
 * indexes that hold work that is due, the second of every order by the pass.
 */
import type { ClientSession } from 'mongoose';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Email } from '../messaging/email-document.ts';
import type { InboxEvent } from '../messaging/inbox-event.ts';
import type { Order } from '../order/order-document.ts';
import { isInReview } from '../order/payment-status.ts';
import { type AuditCheck, type AuditScope, type CheckResult, CheckTally } from './check.ts';
import type { OrderCheck } from './scan-orders.ts';

/** Looks for work that should have been done by `cutoff`, the audit's instant less its grace. */
interface OverdueCheck extends AuditCheck {
  run(db: Database, cutoff: Date, tally: CheckTally, session: ClientSession): Promise<void>;
}

const settlementOverdue: OverdueCheck = {
  id: 'I8',
  name: 'settlement-overdue',
  question: 'No paid order has waited for settlement longer than the grace, unless it is parked or in review.',
  async run(db, cutoff, tally, session) {
    const waiting = db.orders
      .find({ 'settlement.queuedAt': { $lte: cutoff } }, { settlement: 1, history: { $slice: -1 } })
      .session(session)
      .lean<Pick<Order, '_id' | 'settlement' | 'history'>[]>()
      .cursor();
    for await (const { _id, settlement, history } of waiting) {
      tally.looked();
      // dueAt is Paystack's time of payment; the wait counts from when we heard of it or put it back into the queue.
      const since = history[0]?.at ?? settlement.queuedAt;
      if (since === undefined || since > cutoff) continue;
      const { attempts, lastError } = settlement;
      tally.violated(
        _id,
        `waits since ${since.toISOString()}${attempts > 0 ? `, failed ${attempts} times: ${lastError}` : ''}`,
      );
    }
  },
};

const verifyOverdue: OverdueCheck = {
  id: 'I8',
  name: 'verify-overdue',
  question: 'Paystack is asked about unpaid orders when they are due.',
  async run(db, cutoff, tally, session) {
    const waiting = db.orders
      .find({ verifyDueAt: { $lte: cutoff } }, { verifyDueAt: 1 })
      .session(session)
      .lean<Pick<Order, '_id' | 'verifyDueAt'>[]>()
      .cursor();
    for await (const { _id, verifyDueAt } of waiting) reportLate(tally, _id, verifyDueAt);
  },
};

const refundOverdue: OverdueCheck = {
  id: 'I8',
  name: 'refund-overdue',
  question: 'Refunds are worked on when they are due.',
  async run(db, cutoff, tally, session) {
    const waiting = db.orders
      .find({ refundDueAt: { $lte: cutoff } }, { refundDueAt: 1 })
      .session(session)
      .lean<Pick<Order, '_id' | 'refundDueAt'>[]>()
      .cursor();
    for await (const { _id, refundDueAt } of waiting) reportLate(tally, _id, refundDueAt);
  },
};

const emailOverdue: OverdueCheck = {
  id: 'I8',
  name: 'email-overdue',
  question: 'Emails are sent, or tried again, when they are due.',
  async run(db, cutoff, tally, session) {
    const waiting = db.emails
      .find({ dueAt: { $lte: cutoff } }, { dueAt: 1 })
      .session(session)
      .lean<Pick<Email, '_id' | 'dueAt'>[]>()
      .cursor();
    for await (const { _id, dueAt } of waiting) reportLate(tally, _id, dueAt);
  },
};

const webhookOverdue: OverdueCheck = {
  id: 'I8',
  name: 'webhook-overdue',
  question: 'Webhooks are applied, or tried again, when they are due.',
  async run(db, cutoff, tally, session) {
    const waiting = db.webhookEvents
      .find({ dueAt: { $lte: cutoff } }, { dueAt: 1 })
      .session(session)
      .lean<Pick<InboxEvent, '_id' | 'dueAt'>[]>()
      .cursor();
    for await (const { _id, dueAt } of waiting) reportLate(tally, _id, dueAt);
  },
};

function reportLate(tally: CheckTally, id: unknown, dueAt: Date | undefined): void {
  tally.looked();
  tally.violated(id, `was due at ${dueAt?.toISOString() ?? 'some time'}`);
}

export const OVERDUE_CHECKS: readonly OverdueCheck[] = [
  settlementOverdue,
  verifyOverdue,
  refundOverdue,
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
        const tally = new CheckTally(check);
        await check.run(db, cutoff, tally, session);
        return tally.result();
      }),
    );
  }
  return results;
}

export const findableCheck: OrderCheck = {
  id: 'I8',
  name: 'findable',
  question:
    'Pending orders can be found by what waits for them: a question, a settlement, or a person; others wait for none.',
  inspect: ({ order }) => {
    const { status, paymentStatus, settlement, verifyDueAt } = order;
    const queued = settlement.queuedAt !== undefined;
    const parked = settlement.parkedAt !== undefined;
    if (status !== 'pending') return queued || parked ? [`is ${status} and still waits for settlement`] : [];
    if (queued && parked) return ['is parked and queued at once'];
    if (paymentStatus === 'unpaid')
      return [
        ...(verifyDueAt === undefined ? ['is unpaid, and Paystack will never be asked'] : []),
        ...(queued || parked ? ['is unpaid and waits for settlement'] : []),
      ];
    if (paymentStatus === 'paid') return queued || parked ? [] : ['is paid, and nothing will settle it'];
    return order.payments.some(isInReview) ? [] : [`is pending while its payment is ${paymentStatus}`];
  },
};
