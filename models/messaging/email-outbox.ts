/**
 * The outbox: emails are queued in the transaction of the event that they report, and sent later, at least once. A claim
 * postpones `dueAt`, so that the email of a crashed sender is due again when the claim expires.
 */
import type { ClientSession, mongo, Types } from 'mongoose';
import { backOffMs, EMAIL_BACK_OFF, MAX_EMAIL_ATTEMPTS, MAX_OWN_FAILURES } from '../backoff.ts';
import { type EmailKind, type EmailState, OUTBOX_KINDS } from '../contract/statuses.ts';
import { batchLoader } from '../db/batching/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { DEADLINES } from '../deadlines.ts';
import { describeError, withFailure } from '../job-failures.ts';
import { type Email, KEPT_COPIES } from './email-document.ts';
import { outboxIdsOfOrder } from './outbox-id.ts';

/** Emails to staff and about accounts are in the same collection; isStaffEmail and isAccountEmail distinguish them. */
const KNOWN_KINDS = OUTBOX_KINDS as readonly string[] as EmailKind[];

/** Claimed until its dueAt. */
export type ClaimedEmail = Email & { claimedBy: string };

/** The fields by which an email is marked. */
export type Claim = Pick<ClaimedEmail, '_id' | 'claimedBy' | 'attempts' | 'failures'>;

/** For a sender that has its emails by the commit that queues them. It sends them at once, or their claims expire. */
export function claimNew(email: Email, claimant: string, now: Date): ClaimedEmail {
  return { ...email, ...claimOf(claimant, now), attempts: 1 };
}

/** Until it expires, no other sender has the email. */
function claimOf(claimedBy: string, now: Date): Pick<ClaimedEmail, 'claimedBy'> & { dueAt: Date } {
  return { dueAt: new Date(now.getTime() + DEADLINES.emailClaim), claimedBy };
}

/**
 * Claims up to `limit` emails of known kinds for DEADLINES.emailClaim, longest due first. Fewer only when no more are due or other
 * processes claim at the same time. May be raced: each email goes to one caller. `claimant` must be unique per call.
 */
export async function claimDueEmails(
  db: Database,
  claimant: string,
  now: Date,
  limit: number,
): Promise<{ emails: ClaimedEmail[]; noneLeft: boolean }> {
  const collection = driverCollection(db.emails);
  const isDue = { dueAt: { $lte: now }, kind: { $in: KNOWN_KINDS } };
  const due = await collection.find(isDue, { sort: { dueAt: 1 }, limit }).toArray();
  const noneLeft = due.length < limit;
  if (due.length === 0) return { emails: [], noneLeft };
  const claim = claimOf(claimant, now);
  const update = { $set: claim, $inc: { attempts: 1 } };
  // updateOne each, because the driver does not retry an updateMany after a failover.
  const { modifiedCount } = await collection.bulkWrite(
    due.map(({ _id }) => ({ updateOne: { filter: { _id, ...isDue }, update } })),
    { ordered: false },
  );
  const claimed = due.map((email) => ({ ...email, ...claim, attempts: email.attempts + 1 }));
  if (modifiedCount === due.length) return { emails: claimed, noneLeft };
  const won = await collection
    .find({ _id: { $in: due.map(({ _id }) => _id) }, claimedBy: claimant }, { projection: { _id: 1 } })
    .toArray();
  const ids = new Set(won.map(({ _id }) => _id));
  return { emails: claimed.filter(({ _id }) => ids.has(_id)), noneLeft };
}

/** Changes nothing if the claim has expired and another sender has the email. */
export async function markEmailSent(db: Database, email: Claim, messageId: string | null, now: Date): Promise<void> {
  const update = {
    $set: { state: 'sent' as const, sentAt: now, messageId },
    $unset: { dueAt: 1 as const, claimedBy: 1 as const, lastError: 1 as const, ownFailures: 1 as const },
  };
  await mark(db, { updateOne: { filter: { _id: email._id, claimedBy: email.claimedBy }, update } });
}

const mark = batchLoader(async (db: Database, writes: readonly mongo.AnyBulkWriteOperation<Email>[]) => {
  await driverCollection(db.emails).bulkWrite(writes, { ordered: false });
  return writes.map(() => undefined);
});

/**
 * After a refusal by the provider: schedules the next attempt, at the earliest after `retryAfterMs`. Parks the email when
 * the refusal is permanent or the attempts are used up.
 */
export async function markEmailRefused(
  db: Database,
  email: Claim,
  refusal: { permanent: boolean; message: string; retryAfterMs: number | null },
  now: Date,
): Promise<'retry' | 'parked'> {
  const claimed = { _id: email._id, claimedBy: email.claimedBy };
  const failures = withFailure(email.failures, { job: 'sendEmails', error: refusal.message }, now);
  if (refusal.permanent || email.attempts >= MAX_EMAIL_ATTEMPTS) {
    await driverCollection(db.emails).updateOne(claimed, {
      $set: { state: 'parked', parkedAt: now, lastError: refusal.message, failures },
      $unset: { dueAt: 1, claimedBy: 1 },
    });
    return 'parked';
  }
  const waitMs = Math.max(backOffMs(EMAIL_BACK_OFF, email.attempts - 1), refusal.retryAfterMs ?? 0);
  await driverCollection(db.emails).updateOne(claimed, {
    $set: { dueAt: new Date(now.getTime() + waitMs), lastError: refusal.message, failures },
    $unset: { claimedBy: 1 },
  });
  return 'retry';
}

/** Counts a failure that is neither the provider's nor the database's: the email backs off, and is parked at the eighth. */
export async function countEmailFailure(
  db: Database,
  email: ClaimedEmail,
  error: unknown,
  now: Date,
): Promise<'retry' | 'parked'> {
  const lastError = describeError(error);
  const ownFailures = (email.ownFailures ?? 0) + 1;
  const parked = ownFailures >= MAX_OWN_FAILURES;
  const failures = withFailure(email.failures, { job: 'sendEmails', error: lastError }, now);
  const dueAt = new Date(now.getTime() + backOffMs(EMAIL_BACK_OFF, ownFailures - 1));
  await driverCollection(db.emails).updateOne(
    { _id: email._id, claimedBy: email.claimedBy },
    {
      $set: { ownFailures, lastError, failures, ...(parked ? { state: 'parked' as const, parkedAt: now } : { dueAt }) },
      $unset: { claimedBy: 1, ...(parked ? { dueAt: 1 as const } : {}) },
    },
  );
  return parked ? 'parked' : 'retry';
}

/** For an email that is to be sent no more. */
export async function withdrawEmail(db: Database, { _id, claimedBy }: Pick<Claim, '_id' | 'claimedBy'>): Promise<void> {
  await driverCollection(db.emails).updateOne(
    { _id, claimedBy },
    { $set: { state: 'withdrawn' }, $unset: { dueAt: 1, claimedBy: 1 }, $inc: { attempts: -1 } },
  );
}

/** Gives the claim back without counting an attempt: the email is due again at `dueAt`, for a process that can send it. */
export async function releaseEmail(db: Database, email: ClaimedEmail, dueAt: Date): Promise<void> {
  await driverCollection(db.emails).updateOne(
    { _id: email._id, claimedBy: email.claimedBy },
    { $set: { dueAt }, $unset: { claimedBy: 1 }, $inc: { attempts: -1 } },
  );
}

/**
 * Queues sent or parked emails of the order again: those with these ids, or all that are parked. For the transaction that
 * records why. Returns how many were queued.
 */
export async function requeueEmails(
  db: Database,
  orderId: Types.ObjectId,
  which: readonly string[] | 'parked',
  { now, session }: { now: Date; session: ClientSession },
): Promise<number> {
  const filter =
    which === 'parked'
      ? { _id: outboxIdsOfOrder(orderId), state: 'parked' as const }
      : { _id: { $in: [...which] }, state: { $in: ['sent', 'parked'] satisfies EmailState[] } };
  const { matchedCount } = await driverCollection(db.emails).updateMany(
    filter,
    [
      { $set: { state: 'queued', dueAt: now, requeuedAt: now, attempts: 0, earlierCopies: WITH_LAST_COPY } },
      { $unset: ['parkedAt', 'sentAt', 'claimedBy', 'lastError', 'ownFailures', 'undelivered'] },
    ],
    { session },
  );
  return matchedCount;
}

const LAST_SENT_AT = { $ifNull: ['$sentAt', '$undelivered.sentAt'] };
const LAST_COPY = [{ sentAt: LAST_SENT_AT, undelivered: '$undelivered' }];
/** The earlier copies and the last one, if it was accepted; no field without any. */
const WITH_LAST_COPY = {
  $let: {
    vars: {
      all: {
        $concatArrays: [{ $ifNull: ['$earlierCopies', []] }, { $cond: [{ $gt: [LAST_SENT_AT, null] }, LAST_COPY, []] }],
      },
    },
    in: { $cond: [{ $eq: ['$$all', []] }, '$$REMOVE', { $slice: ['$$all', -KEPT_COPIES] }] },
  },
};

/**
 * False when the email has left or a sender may have it. Otherwise this write conflicts with a claim at the same time, so
 * that the sender reads the order as it is after the transaction.
 */
export async function keepWaiting(db: Database, key: string, now: Date, session: ClientSession): Promise<boolean> {
  const { matchedCount } = await driverCollection(db.emails).updateOne(
    { _id: key, state: 'queued', claimedBy: { $exists: false }, attempts: 0 },
    { $set: { dueAt: now } },
    { session },
  );
  return matchedCount === 1;
}

/** Oldest first. */
export async function findEmailsOfOrder(db: Database, orderId: Types.ObjectId): Promise<Email[]> {
  const emails = await driverCollection(db.emails)
    .find({ _id: outboxIdsOfOrder(orderId) })
    .toArray();
  return emails.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}
