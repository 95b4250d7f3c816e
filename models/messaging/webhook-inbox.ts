/**
 * The inbox: every webhook with a valid signature is stored before it is answered. It provides durability, not
 * idempotency: a body that is received again is applied again.
 */
import type { mongo } from 'mongoose';
import { backOffMs, MAX_OWN_FAILURES, WEBHOOK_BACK_OFF } from '../backoff.ts';
import { batchLoader } from '../db/batching/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { WRITE_W1 } from '../db/read-write-concerns.ts';
import { describeError } from '../job-failures.ts';
import { INBOX_KINDS, type InboxEvent } from './inbox-event.ts';
import type { InboxOutcome } from './webhook-outcome.ts';

export type IncomingEvent = Pick<
  InboxEvent,
  '_id' | 'event' | 'kind' | 'reference' | 'charge' | 'dispute' | 'transfer'
>;

/**
 * Stores the event, or counts another delivery of the same bytes, with write concern `majority`. The event is due at
 * once either way.
 */
export async function storeWebhookEvent(db: Database, incoming: IncomingEvent, now: Date): Promise<void> {
  const { _id, ...body } = incoming;
  const update = {
    $setOnInsert: { ...body, receivedAt: now, attempts: 0 },
    $set: { dueAt: now },
    $unset: { appliedAt: 1 as const, parkedAt: 1 as const },
    $inc: { deliveries: 1 },
  };
  // Two deliveries of the same bytes may race to insert; the server itself retries the loser's upsert by _id.
  await store(db, { updateOne: { filter: { _id }, update, upsert: true } });
}

/** The window of the marks while webhooks are many, ms. No reply waits for its mark. */
const MARKS_MS = 50;

const IS_KNOWN = { kind: { $in: [...INBOX_KINDS] } };

/**
 * If a failover rolls the mark back, the sweep applies the event again. An event that a newer process has stored under an
 * unknown kind stays due, although this process may receive its bytes again.
 */
export async function markWebhookApplied(db: Database, id: string, outcome: InboxOutcome, now: Date): Promise<void> {
  const update = {
    $set: { appliedAt: now, outcome },
    $unset: { dueAt: 1 as const, parkedAt: 1 as const, ownFailures: 1 as const },
  };
  await mark(db, { updateOne: { filter: { _id: id, ...IS_KNOWN }, update } });
}

type Write = mongo.AnyBulkWriteOperation<InboxEvent>;

const store = batchLoader((db: Database, writes: readonly Write[]) => writeAll(db, writes, {}));
const mark = batchLoader((db: Database, writes: readonly Write[]) => writeAll(db, writes, WRITE_W1), {
  windowMs: MARKS_MS,
});

async function writeAll(db: Database, writes: readonly Write[], as: typeof WRITE_W1 | Record<string, never>) {
  await driverCollection(db.webhookEvents).bulkWrite(writes, { ordered: false, ...as });
  return writes.map(() => undefined);
}

export interface WebhookFailure {
  /** All failures so far. */
  attempts: number;
  parked: boolean;
}

/**
 * After a failure: the event backs off, and the sweep applies it again. One that failed by its own fault (`own`) is parked
 * at the eighth such failure; an outage of Paystack parks nothing. Null when the event is gone or was applied meanwhile.
 */
export async function countWebhookFailure(
  db: Database,
  id: string,
  error: unknown,
  { own, now }: { own: boolean; now: Date },
): Promise<WebhookFailure | null> {
  const events = driverCollection(db.webhookEvents);
  const event = await events.findOne({ _id: id, dueAt: { $exists: true } });
  if (!event) return null;
  const ownFailures = own ? (event.ownFailures ?? 0) + 1 : (event.ownFailures ?? 0);
  const parked = own && ownFailures >= MAX_OWN_FAILURES;
  const attempts = event.attempts + 1;
  const retryAt = new Date(now.getTime() + backOffMs(WEBHOOK_BACK_OFF, event.attempts));
  const { matchedCount } = await events.updateOne(
    // Not applied, and no other failure counted, since the read.
    { _id: id, attempts: event.attempts, dueAt: { $exists: true } },
    {
      $set: {
        attempts,
        lastError: describeError(error),
        ...(own ? { ownFailures } : {}),
        ...(parked ? { parkedAt: now } : { dueAt: retryAt }),
      },
      ...(parked ? { $unset: { dueAt: 1 as const } } : {}),
    },
  );
  return matchedCount === 1 ? { attempts, parked } : null;
}

/** True while an event of one of these charges is parked. */
export async function hasParkedWebhooks(db: Database, references: readonly string[]): Promise<boolean> {
  const isParked = { reference: { $in: [...references] }, parkedAt: { $exists: true } };
  return (await driverCollection(db.webhookEvents).findOne(isParked, { projection: { _id: 1 } })) !== null;
}

/** Makes the parked events of these charges due again: staff's retry. True if there were any. */
export async function requeueWebhooks(db: Database, references: readonly string[], now: Date): Promise<boolean> {
  const { modifiedCount } = await driverCollection(db.webhookEvents).updateMany(
    { reference: { $in: [...references] }, parkedAt: { $exists: true } },
    { $set: { dueAt: now }, $unset: { parkedAt: 1, ownFailures: 1 } },
  );
  return modifiedCount > 0;
}

/** Events of known kinds that are due by `now`, oldest first. */
export async function findDueWebhooks(db: Database, now: Date, limit: number): Promise<InboxEvent[]> {
  return driverCollection(db.webhookEvents)
    .find({ dueAt: { $lte: now }, ...IS_KNOWN }, { sort: { dueAt: 1 }, limit })
    .toArray();
}
