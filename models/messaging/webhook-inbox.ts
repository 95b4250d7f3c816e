/**
 * The inbox: every rightly signed webhook, stored before it is answered. Keyed by the digest of its bytes, because
 * Paystack sends no event id; kept for durability, not for idempotency, so a body seen again is applied again.
 * Of the body only what we act on is kept: no card digits, no address of the payer.
 */
import { type mongo, Schema } from 'mongoose';
import { gather } from '../db/batch-loading.ts';
import { driverCollection, WRITE_W1 } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { ChargeReport } from '../payment/gateway-reports.ts';

export interface InboxEvent {
  /** SHA-256 of the bytes received, hex. */
  _id: string;
  event: string;
  kind: 'charge' | 'refund' | 'dispute' | 'other';
  /** The charge's reference; null when the event names none. */
  reference: string | null;
  /** What a charge event says; null when it lacks a field and Paystack must be asked. */
  charge: ChargeReport | null;
  dispute?: { id: string; status: string | null; resolution: string | null; dueAt: Date | null };
  receivedAt: Date;
  /** How often these bytes came. */
  deliveries: number;
  /** When it is to be applied; unset once it has been. */
  dueAt?: Date;
  attempts: number;
  appliedAt?: Date;
  outcome?: string;
  /** Of the last failure; it stays when the event is applied after all. */
  lastError?: string;
}

/** Applied events serve only the timeline; they go after 90 days. Nothing in the books rests on them. */
const RETENTION_SECONDS = 90 * 24 * 3600;

export const inboxEventSchema = new Schema<InboxEvent>(
  {
    _id: { type: String, required: true },
    event: { type: String, required: true },
    kind: { type: String, required: true },
    reference: { type: String, default: null },
    charge: { type: Schema.Types.Mixed, default: null },
    dispute: Schema.Types.Mixed,
    receivedAt: { type: Date, required: true },
    deliveries: { type: Number, required: true },
    dueAt: Date,
    attempts: { type: Number, required: true },
    appliedAt: Date,
    outcome: String,
    lastError: String,
  },
  { collection: 'webhookevents', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);
inboxEventSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
inboxEventSchema.index({ reference: 1, receivedAt: 1 });
inboxEventSchema.index({ appliedAt: 1 }, { expireAfterSeconds: RETENTION_SECONDS });

export type IncomingEvent = Pick<InboxEvent, '_id' | 'event' | 'kind' | 'reference' | 'charge' | 'dispute'>;

/** Stores the event, or counts one more delivery of the same bytes; either waits for a majority. Due at once either way. */
export async function storeWebhookEvent(db: Database, incoming: IncomingEvent, now: Date): Promise<void> {
  const { _id, ...body } = incoming;
  const update = {
    $setOnInsert: { ...body, receivedAt: now, attempts: 0 },
    $set: { dueAt: now },
    $unset: { appliedAt: 1 as const },
    $inc: { deliveries: 1 },
  };
  // Two deliveries of the same bytes may race to insert; the server retries the upsert of the loser by itself (by _id).
  await store(db, { updateOne: { filter: { _id }, update, upsert: true } });
}

/** The event was acted on, in the words of `outcome`. Should a failover forget it, the sweep acts on it once more. */
export async function markWebhookApplied(db: Database, id: string, outcome: string, now: Date): Promise<void> {
  const update = { $set: { appliedAt: now, outcome }, $unset: { dueAt: 1 as const } };
  await mark(db, { updateOne: { filter: { _id: id }, update } });
}

type Write = mongo.AnyBulkWriteOperation<InboxEvent>;

const store = gather((db, writes: readonly Write[]) => writeAll(db, writes, {}));
const mark = gather((db, writes: readonly Write[]) => writeAll(db, writes, WRITE_W1));

async function writeAll(db: Database, writes: readonly Write[], as: typeof WRITE_W1 | Record<string, never>) {
  await driverCollection(db.webhookEvents).bulkWrite(writes, { ordered: false, ...as });
  return () => undefined;
}

/** The event could not be acted on; the sweep tries again at `retryAt`. */
export async function postponeWebhook(db: Database, id: string, error: string, retryAt: Date): Promise<void> {
  await db.webhookEvents.updateOne(
    { _id: id, dueAt: { $exists: true } },
    { $set: { dueAt: retryAt, lastError: error }, $inc: { attempts: 1 } },
  );
}

/** Events due by `now`, oldest first. */
export async function findDueWebhooks(db: Database, now: Date, limit: number): Promise<InboxEvent[]> {
  return db.webhookEvents
    .find({ dueAt: { $lte: now } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .lean<InboxEvent[]>();
}
