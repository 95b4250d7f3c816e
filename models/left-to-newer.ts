import type { mongo } from 'mongoose';
import { OUTBOX_KINDS } from './contract/statuses.ts';
import { driverCollection } from './db/connection.ts';
import type { Database } from './db/database.ts';
import { INBOX_KINDS } from './messaging/inbox-event.ts';
import { ORDER_SHAPE } from './order/shape.ts';
import { IS_QUEUED } from './settlement/settlement-queue.ts';

/** Work that this program leaves to a newer one, because it does not know its kind or its shape. */
export interface LeftToNewer {
  /** Paid orders of a higher shape in the settlement queue. */
  orders: number;
  emails: number;
  webhooks: number;
}

/** Reads the small partial indexes of due work alone. The server ends each read after `limitMs`. */
export async function countLeftToNewer(db: Database, limitMs: number): Promise<LeftToNewer> {
  const isDue = { dueAt: { $exists: true } };
  const count = async <T extends mongo.Document>(collection: mongo.Collection<T>, $match: mongo.Document) => {
    const counts = collection.aggregate<{ count: number }>([{ $match }, { $count: 'count' }], { maxTimeMS: limitMs });
    return (await counts.next())?.count ?? 0;
  };
  const [orders, emails, webhooks] = await Promise.all([
    count(driverCollection(db.orders), { ...IS_QUEUED, shape: { $gt: ORDER_SHAPE } }),
    count(driverCollection(db.emails), { ...isDue, kind: { $nin: OUTBOX_KINDS } }),
    count(driverCollection(db.webhookEvents), { ...isDue, kind: { $nin: INBOX_KINDS } }),
  ]);
  return { orders, emails, webhooks };
}
