/**
 * The inbox: every webhook with a valid signature is stored before it is answered. It provides durability, not
 * idempotency: a body that is received again is applied again.
 */
import type { mongo } from 'mongoose';
import { batchLoader } from '../db/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { WRITE_W1 } from '../db/read-write-concerns.ts';
import type { InboxEvent } from './inbox-event.ts';
import type { InboxOutcome } from './webhook-outcome.ts';

export type IncomingEvent = Pick<InboxEvent, '_id' | 'event' | 'kind' | 'reference' | 'charge' | 'dispute'>;

/**
 * Stores the event, or counts another delivery of the same bytes, with write concern `majority`. The event is due at
 * once either way.
 */
export async function storeWebhookEvent(db: Database, incoming: IncomingEvent, now: Date): Promise<void> {
  const { _id, ...body } = incoming;
  const update = {
    $setOnInsert: { ...body, receivedAt: now, attempts: 0 },
    $set: { dueAt: now },
    $unset: { appliedAt: 1 as const },
    $inc: { deliveries: 1 },
  };
  // Two deliveries of the same bytes may race to insert; the server itself retries the loser's upsert by _id.
  await store(db, { updateOne: { filter: { _id }, update, upsert: true } });
}

/** If a failover rolls the mark back, the sweep applies the event again. */
export async function markWebhookApplied(db: Database, id: string, outcome: InboxOutcome, now: Date): Promise<void> {
  const update = { $set: { appliedAt: now, outcome }, $unset: { dueAt: 1 as const } };
  await mark(db, { updateOne: { filter: { _id: id }, update } });
}

type Write = mongo.AnyBulkWriteOperation<InboxEvent>;

const store = batchLoader((db: Database, writes: readonly Write[]) => writeAll(db, writes, {}));
const mark = batchLoader((db: Database, writes: readonly Write[]) => writeAll(db, writes, WRITE_W1));

async function writeAll(db: Database, writes: readonly Write[], as: typeof WRITE_W1 | Record<string, never>) {
  await driverCollection(db.webhookEvents).bulkWrite(writes, { ordered: false, ...as });
  return writes.map(() => undefined);
}

/** After a failure: the sweep tries again at `retryAt`. */
export async function postponeWebhook(db: Database, id: string, error: string, retryAt: Date): Promise<void> {
  await driverCollection(db.webhookEvents).updateOne(
    { _id: id, dueAt: { $exists: true } },
    { $set: { dueAt: retryAt, lastError: error }, $inc: { attempts: 1 } },
  );
}

/** Events due by `now`, oldest first. */
export async function findDueWebhooks(db: Database, now: Date, limit: number): Promise<InboxEvent[]> {
  return driverCollection(db.webhookEvents)
    .find({ dueAt: { $lte: now } }, { sort: { dueAt: 1 }, limit })
    .toArray();
}
