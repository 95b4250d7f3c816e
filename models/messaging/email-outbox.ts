/**
 * The outbox: emails that are owed, queued in the transaction whose event owes them, sent later and at least once.
 * An email's id is its key, `<orderId>:<kind>:<seq>`, the same on every copy. `dueAt` is set while it is queued: claiming
 * moves it on by the lease, so that a crashed sender's email comes due again by itself.
 */
import { type mongo, Schema, type Types } from 'mongoose';
import { gather } from '../db/batch-loading.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { type JobFailure, jobFailureSchema, withFailure } from '../job-failures.ts';

export const EMAIL_KINDS = [
  'order_confirmed',
  'order_cancelled',
  'order_shipped',
  'order_delivered',
  'refund_started',
  'refund_done',
  'payment_review',
] as const;
export type EmailKind = (typeof EMAIL_KINDS)[number];

/** What the kind's text needs beside the order itself; amounts in subunits of the order's currency. */
export interface EmailData {
  reason?: string;
  amount?: number;
  refundId?: string;
  /** True when what was paid is back with the customer already, so that nothing is owed. */
  returned?: boolean;
}

export interface Email {
  /** The key: `<orderId>:<kind>:<seq>`, seq the order's version when it was queued. */
  _id: string;
  orderId: Types.ObjectId;
  kind: EmailKind;
  data: EmailData;
  state: 'queued' | 'sent' | 'parked';
  createdAt: Date;
  /** When it may be sent, or sent again; set while queued. */
  dueAt?: Date;
  /** Who is sending it; a sender that lost its claim cannot mark it. */
  claimedBy?: string;
  attempts: number;
  lastError?: string;
  /** The last 20, oldest first, also of earlier sendings; missing when none failed. */
  failures?: JobFailure[];
  sentAt?: Date;
  messageId?: string | null;
  parkedAt?: Date;
}

/** An email whose claim is ours, until its dueAt. */
export type ClaimedEmail = Email & { claimedBy: string };

/** A claim lasts this long; a sender has a deadline well under it. */
const CLAIM_MS = 60_000;
/** Twelve attempts, the waits tripling from 10 s up to 5 h, 23 h in all; then it is parked for staff. */
const MAX_ATTEMPTS = 12;
const FIRST_RETRY_MS = 10_000;
const RETRY_FACTOR = 3;
const LONGEST_RETRY_MS = 5 * 3600_000;
/** Sent emails go after 90 days; the order's history keeps the event itself. */
export const RETENTION_MS = 90 * 24 * 3600_000;

export const emailSchema = new Schema<Email>(
  {
    _id: { type: String, required: true },
    orderId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, required: true, enum: EMAIL_KINDS },
    data: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true, enum: ['queued', 'sent', 'parked'] },
    createdAt: { type: Date, required: true },
    dueAt: Date,
    claimedBy: String,
    attempts: { type: Number, required: true },
    lastError: String,
    failures: { type: [jobFailureSchema], default: undefined },
    sentAt: Date,
    messageId: String,
    parkedAt: Date,
  },
  { collection: 'emails', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);
emailSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
emailSchema.index({ parkedAt: 1 }, { partialFilterExpression: { parkedAt: { $exists: true } } });
emailSchema.index(
  { sentAt: 1 },
  { expireAfterSeconds: RETENTION_MS / 1000, partialFilterExpression: { sentAt: { $exists: true } } },
);

/** The id of an email, on every copy of it. `seq` is the order's version after the event that owes it. */
export function emailKey(orderId: Types.ObjectId, kind: EmailKind, seq: number): string {
  return `${orderId}:${kind}:${seq}`;
}

/** A queued email, to be inserted in the transaction of its event. `seq` is the order's version after that event. */
export function newEmail(orderId: Types.ObjectId, kind: EmailKind, seq: number, data: EmailData, now: Date): Email {
  return {
    _id: emailKey(orderId, kind, seq),
    orderId,
    kind,
    data,
    state: 'queued',
    createdAt: now,
    dueAt: now,
    attempts: 0,
  };
}

/**
 * Claims the emails that have been due the longest, for 60 s: `limit` at most, and fewer only when no more are due or
 * others claim at the same time. May be raced: each email goes to one. `claimant` is a name for this call alone.
 */
export async function claimDueEmails(
  db: Database,
  claimant: string,
  now: Date,
  limit: number,
): Promise<{ emails: ClaimedEmail[]; noneLeft: boolean }> {
  const collection = driverCollection(db.emails);
  const isDue = { dueAt: { $lte: now } };
  const due = await collection.find(isDue, { sort: { dueAt: 1 }, limit }).toArray();
  const noneLeft = due.length < limit;
  if (due.length === 0) return { emails: [], noneLeft };
  const claim = { dueAt: new Date(now.getTime() + CLAIM_MS), claimedBy: claimant };
  const update = { $set: claim, $inc: { attempts: 1 } };
  // One by one in one command: unlike one update of many, the driver may send it again after a failover.
  const { modifiedCount } = await collection.bulkWrite(
    due.map(({ _id }) => ({ updateOne: { filter: { _id, ...isDue }, update } })),
    { ordered: false },
  );
  const claimed = due.map((email) => ({ ...email, ...claim, attempts: email.attempts + 1 }));
  if (modifiedCount === due.length) return { emails: claimed, noneLeft };
  const ours = await collection
    .find({ _id: { $in: due.map(({ _id }) => _id) }, claimedBy: claimant }, { projection: { _id: 1 } })
    .toArray();
  const ids = new Set(ours.map(({ _id }) => _id));
  return { emails: claimed.filter(({ _id }) => ids.has(_id)), noneLeft };
}

/** The provider accepted the email. A claim that was lost meanwhile changes nothing. */
export async function markEmailSent(
  db: Database,
  email: ClaimedEmail,
  messageId: string | null,
  now: Date,
): Promise<void> {
  const update = {
    $set: { state: 'sent' as const, sentAt: now, messageId },
    $unset: { dueAt: 1 as const, claimedBy: 1 as const, lastError: 1 as const },
  };
  await mark(db, { updateOne: { filter: { _id: email._id, claimedBy: email.claimedBy }, update } });
}

const mark = gather(async (db, writes: readonly mongo.AnyBulkWriteOperation<Email>[]) => {
  await driverCollection(db.emails).bulkWrite(writes, { ordered: false });
  return () => undefined;
});

/**
 * The provider did not accept the email: try again later (`retryAfterMs` where the provider named a wait), or park it
 * when the refusal is permanent or the attempts are used up. Says which.
 */
export async function markEmailRefused(
  db: Database,
  email: ClaimedEmail,
  refusal: { permanent: boolean; message: string; retryAfterMs: number | null },
  now: Date,
): Promise<'retry' | 'parked'> {
  const ours = { _id: email._id, claimedBy: email.claimedBy };
  const failures = withFailure(email.failures, { job: 'sendEmails', error: refusal.message }, now);
  if (refusal.permanent || email.attempts >= MAX_ATTEMPTS) {
    await db.emails.updateOne(ours, {
      $set: { state: 'parked', parkedAt: now, lastError: refusal.message, failures },
      $unset: { dueAt: 1, claimedBy: 1 },
    });
    return 'parked';
  }
  const backOffMs = Math.min(FIRST_RETRY_MS * RETRY_FACTOR ** (email.attempts - 1), LONGEST_RETRY_MS);
  const waitMs = Math.max(backOffMs, refusal.retryAfterMs ?? 0);
  await db.emails.updateOne(ours, {
    $set: { dueAt: new Date(now.getTime() + waitMs), lastError: refusal.message, failures },
    $unset: { claimedBy: 1 },
  });
  return 'retry';
}

/** Queues the email once more, whatever became of it: staff's resend. False when there is no such email. */
export async function requeueEmail(db: Database, key: string, now: Date): Promise<boolean> {
  const { matchedCount } = await db.emails.updateOne(
    { _id: key },
    {
      $set: { state: 'queued', dueAt: now, attempts: 0 },
      $unset: { parkedAt: 1, sentAt: 1, claimedBy: 1, lastError: 1 },
    },
  );
  return matchedCount === 1;
}

/** Every email of one order, oldest first. */
export async function findEmailsOfOrder(db: Database, orderId: Types.ObjectId): Promise<Email[]> {
  // The key starts with the order's id, so this is a range of the primary index; ';' follows ':' in ASCII.
  const emails = await db.emails.find({ _id: { $gte: `${orderId}:`, $lt: `${orderId};` } }).lean<Email[]>();
  return emails.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}
