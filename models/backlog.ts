/**
 * What waits, and for how long: paid orders for settlement, emails for sending, webhooks for being applied, and whatever
 * waits for a person. Read from the small partial indexes alone, for health checks and metrics, which come every few seconds.
 */
import type { Database } from './db/database.ts';
import { ATTENTION_INDEX } from './order/order-schema.ts';
import { dueFilter } from './settlement/settlement-queue.ts';

export interface Waiting {
  count: number;
  /** Since when the oldest one waits; null when none does. */
  oldestAt: Date | null;
}

export interface Backlog {
  /** Paid and due for settlement, by the time since which they wait for us; resting and parked ones are not among them. */
  paidOrders: Waiting;
  /** Queued, by the time at which they were first owed; parked ones are not among them. */
  emails: Waiting;
  /** Stored and not applied, by the time at which they first came. */
  webhooks: Waiting;
  /** What nobody but staff can end. */
  needsAttention: { parkedOrders: number; reviews: number; refunds: number; parkedEmails: number };
}

/** Reads the backlog as it is at `now`. The server ends each question after `limitMs`; a server that is gone is the caller's to bound. */
export async function readBacklog(db: Database, now: Date, limitMs: number): Promise<Backlog> {
  const options = { maxTimeMS: limitMs };
  const [paidOrders, emails, webhooks, care, parkedEmails] = await Promise.all([
    db.orders.aggregate<Waiting>([{ $match: dueFilter(now) }, oldestOf(WAITS_SINCE)], options),
    db.emails.aggregate<Waiting>([{ $match: { dueAt: { $exists: true } } }, oldestOf('$createdAt')], options),
    db.webhookEvents.aggregate<Waiting>([{ $match: { dueAt: { $exists: true } } }, oldestOf('$receivedAt')], options),
    db.orders.aggregate<NeedsAttention>([{ $match: { $or: NEEDS_ATTENTION } }, NEEDS_ATTENTION_COUNTS], {
      ...options,
      hint: ATTENTION_INDEX,
    }),
    db.emails.countDocuments({ parkedAt: { $exists: true } }, options),
  ]);
  const { parkedOrders, reviews, refunds } = care[0] ?? { parkedOrders: 0, reviews: 0, refunds: 0 };
  return {
    paidOrders: paidOrders[0] ?? NOTHING,
    emails: emails[0] ?? NOTHING,
    webhooks: webhooks[0] ?? NOTHING,
    needsAttention: { parkedOrders, reviews, refunds, parkedEmails },
  };
}

type NeedsAttention = Omit<Backlog['needsAttention'], 'parkedEmails'>;

const NOTHING: Waiting = { count: 0, oldestAt: null };
/**
 * Since we heard of the payment or put the order back into the queue, which its history tells, or since its rest ended.
 * Not since dueAt: that is Paystack's time of payment, long past when we hear of it late or when staff try again.
 */
const WAITS_SINCE = { $max: [{ $last: '$history.at' }, '$settlement.retryAt'] };
const NEEDS_ATTENTION = ['settlement.parkedAt', 'reviewSince', 'refundAttentionSince'].map((field) => ({
  [field]: { $exists: true },
}));
const countOf = (field: string) => ({ $sum: { $cond: [{ $gt: [field, null] }, 1, 0] } });
const NEEDS_ATTENTION_COUNTS = {
  $group: {
    _id: null,
    parkedOrders: countOf('$settlement.parkedAt'),
    reviews: countOf('$reviewSince'),
    refunds: countOf('$refundAttentionSince'),
  },
};

function oldestOf(time: string | object) {
  return { $group: { _id: null, count: { $sum: 1 }, oldestAt: { $min: time } } };
}
