/**
 * The queues' lengths and ages, for health checks and metrics. Both come every few seconds, so it reads small partial
 * indexes alone.
 */
import { driverCollection } from './db/connection.ts';
import type { Database } from './db/database.ts';
import { ATTENTION_INDEX } from './order/order-schema.ts';
import { dueFilter } from './settlement/settlement-queue.ts';

export interface Waiting {
  count: number;
  /** Since when the oldest one waits; null when the queue is empty. */
  oldestAt: Date | null;
}

export interface Backlog {
  /** Paid and due for settlement. Without orders between two attempts, and without parked ones. */
  paidOrders: Waiting;
  /** Queued, by the time when they were last queued; without parked ones. */
  emails: Waiting;
  /** Stored and not applied, by their `receivedAt`. */
  webhooks: Waiting;
  /** Counts of what only staff can resolve. */
  needsAttention: {
    parkedOrders: number;
    reviews: number;
    refunds: number;
    stuckOrders: number;
    parkedEmails: number;
    parkedWebhooks: number;
  };
}

/**
 * The server ends each read after `limitMs`. An unreachable server is not covered: the caller needs a timeout of its
 * own.
 */
export async function readBacklog(db: Database, now: Date, limitMs: number): Promise<Backlog> {
  const options = { maxTimeMS: limitMs };
  const orders = driverCollection(db.orders);
  const emails = driverCollection(db.emails);
  const webhooks = driverCollection(db.webhookEvents);
  const [paidOrders, queuedEmails, storedWebhooks, attention, parkedEmails, parkedWebhooks] = await Promise.all([
    orders.aggregate<Waiting>([{ $match: dueFilter(now) }, oldestOf(WAITS_SINCE)], options).toArray(),
    emails.aggregate<Waiting>([IS_QUEUED, oldestOf({ $max: ['$createdAt', '$requeuedAt'] })], options).toArray(),
    webhooks.aggregate<Waiting>([IS_QUEUED, oldestOf('$receivedAt')], options).toArray(),
    orders
      .aggregate<NeedsAttention>([{ $match: { $or: NEEDS_ATTENTION } }, NEEDS_ATTENTION_COUNTS], {
        ...options,
        hint: ATTENTION_INDEX,
      })
      .toArray(),
    // Without those that were sent and did not arrive, of which nothing can be done but at the other side.
    emails.countDocuments({ ...IS_PARKED, state: 'parked' }, options),
    webhooks.countDocuments(IS_PARKED, options),
  ]);
  const { parkedOrders, reviews, refunds, stuckOrders } = attention[0] ?? NOTHING_TO_DO;
  return {
    paidOrders: paidOrders[0] ?? NOTHING,
    emails: queuedEmails[0] ?? NOTHING,
    webhooks: storedWebhooks[0] ?? NOTHING,
    needsAttention: { parkedOrders, reviews, refunds, stuckOrders, parkedEmails, parkedWebhooks },
  };
}

type NeedsAttention = Omit<Backlog['needsAttention'], 'parkedEmails' | 'parkedWebhooks'>;
const NOTHING_TO_DO: NeedsAttention = { parkedOrders: 0, reviews: 0, refunds: 0, stuckOrders: 0 };

const IS_QUEUED = { $match: { dueAt: { $exists: true } } };
const IS_PARKED = { parkedAt: { $exists: true } };
const NOTHING: Waiting = { count: 0, oldestAt: null };
/**
 * The order's last history entry (the payment was recorded, or staff queued it again), or the end of its back-off.
 * Not queuedAt: that is Paystack's time of payment, long past when the payment is recorded late or staff try again.
 */
const WAITS_SINCE = { $max: [{ $last: '$history.at' }, '$settlement.retryAt'] };
const NEEDS_ATTENTION = ['settlement.parkedAt', 'reviewSince', 'refundAttentionSince', 'stuckSince'].map((field) => ({
  [field]: { $exists: true },
}));
const countOf = (field: string) => ({ $sum: { $cond: [{ $gt: [field, null] }, 1, 0] } });
const NEEDS_ATTENTION_COUNTS = {
  $group: {
    _id: null,
    parkedOrders: countOf('$settlement.parkedAt'),
    reviews: countOf('$reviewSince'),
    refunds: countOf('$refundAttentionSince'),
    stuckOrders: countOf('$stuckSince'),
  },
};

function oldestOf(time: string | object) {
  return { $group: { _id: null, count: { $sum: 1 }, oldestAt: { $min: time } } };
}
