/**
 * What waits, and for how long: paid orders for settlement, emails for sending, webhooks for being applied, and whatever
 * waits for a person. Read from the small partial indexes alone, for health checks and metrics, which come every few seconds.
 */
import type { Database } from './database.ts';
import { CARE_INDEX } from './order-schema.ts';

export interface Waiting {
  count: number;
  /** Since when the oldest one waits; null when none does. */
  oldestAt: Date | null;
}

export interface Backlog {
  /** Paid and still pending, by the time of their payment; parked ones are not among them. */
  paidOrders: Waiting;
  /** Queued, by the time at which they were first owed; parked ones are not among them. */
  emails: Waiting;
  /** Stored and not applied, by the time at which they first came. */
  webhooks: Waiting;
  /** What nobody but staff can end. */
  forStaff: { parkedOrders: number; reviews: number; refunds: number; parkedEmails: number };
}

/** Reads the backlog as it is now. The server ends each question after `limitMs`; a server that is gone is the caller's to bound. */
export async function readBacklog(db: Database, limitMs: number): Promise<Backlog> {
  const options = { maxTimeMS: limitMs };
  const [paidOrders, emails, webhooks, care, parkedEmails] = await Promise.all([
    db.orders.aggregate<Waiting>(
      [{ $match: { 'settlement.dueAt': { $exists: true } } }, oldestOf('$settlement.dueAt')],
      options,
    ),
    db.emails.aggregate<Waiting>([{ $match: { dueAt: { $exists: true } } }, oldestOf('$createdAt')], options),
    db.webhookEvents.aggregate<Waiting>([{ $match: { dueAt: { $exists: true } } }, oldestOf('$receivedAt')], options),
    db.orders.aggregate<Care>([{ $match: { $or: IN_NEED_OF_CARE } }, CARE_COUNTS], { ...options, hint: CARE_INDEX }),
    db.emails.countDocuments({ parkedAt: { $exists: true } }, options),
  ]);
  const { parkedOrders, reviews, refunds } = care[0] ?? { parkedOrders: 0, reviews: 0, refunds: 0 };
  return {
    paidOrders: paidOrders[0] ?? NOTHING,
    emails: emails[0] ?? NOTHING,
    webhooks: webhooks[0] ?? NOTHING,
    forStaff: { parkedOrders, reviews, refunds, parkedEmails },
  };
}

type Care = Omit<Backlog['forStaff'], 'parkedEmails'>;

const NOTHING: Waiting = { count: 0, oldestAt: null };
const IN_NEED_OF_CARE = ['settlement.parkedAt', 'reviewSince', 'refundAttentionSince'].map((field) => ({
  [field]: { $exists: true },
}));
const countOf = (field: string) => ({ $sum: { $cond: [{ $gt: [field, null] }, 1, 0] } });
const CARE_COUNTS = {
  $group: {
    _id: null,
    parkedOrders: countOf('$settlement.parkedAt'),
    reviews: countOf('$reviewSince'),
    refunds: countOf('$refundAttentionSince'),
  },
};

function oldestOf(time: string) {
  return { $group: { _id: null, count: { $sum: 1 }, oldestAt: { $min: time } } };
}
