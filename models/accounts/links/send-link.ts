import type { ClientSession, mongo, Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { User } from '../user.ts';
import { queueAccountEmail } from './account-email.ts';
import type { LinkPurpose, OneTimeLink } from './one-time-link-document.ts';

const MINUTE_MS = 60_000;

/** How long a link works. */
export const LINK_LIFETIME_MS: Record<LinkPurpose, number> = {
  reset_password: 30 * MINUTE_MS,
  verify_email: 3 * 24 * 60 * MINUTE_MS,
};

/** Nobody's inbox can be filled faster. */
const SENT_ONCE_IN_MS = MINUTE_MS;

/** The accounts for which there is such a link. */
const WANTED: Record<LinkPurpose, mongo.Filter<User>> = {
  reset_password: { passwordHash: { $exists: true } },
  verify_email: { passwordHash: { $exists: true }, emailVerifiedAt: { $exists: false } },
};

export interface NewLink {
  purpose: LinkPurpose;
  /** Used unless the last link still has half of its life. */
  linkId: string;
  now: Date;
}

/**
 * Queues an email with a link to the account's address. Within the first half of a link's life the same link is sent again.
 * False, and nothing is sent, when one was sent less than a minute ago or there is no such account. May be raced: one email.
 */
export async function sendLink(db: Database, userId: Types.ObjectId, link: NewLink): Promise<boolean> {
  return inTransaction(db, (session) => sendLinkIn(db, userId, link, session));
}

export async function sendLinkIn(
  db: Database,
  userId: Types.ObjectId,
  { purpose, linkId, now }: NewLink,
  session: ClientSession,
): Promise<boolean> {
  const sentAt = `linksSentAt.${purpose}` as const;
  const isLongAgo = { $not: { $gt: new Date(now.getTime() - SENT_ONCE_IN_MS) } };
  const user = await driverCollection(db.users).findOneAndUpdate(
    { _id: userId, ...WANTED[purpose], [sentAt]: isLongAgo },
    { $set: { [sentAt]: now }, $inc: { emails: 1 } },
    { session, returnDocument: 'after', projection: { email: 1, emails: 1 } },
  );
  if (!user) return false;
  const links = driverCollection(db.oneTimeLinks);
  const lifetimeMs = LINK_LIFETIME_MS[purpose];
  const last = await links.findOne(
    {
      userId,
      purpose,
      email: user.email,
      usedAt: { $exists: false },
      expiresAt: { $gt: new Date(now.getTime() + lifetimeMs / 2) },
    },
    { session, sort: { expiresAt: -1 } },
  );
  const link: OneTimeLink = last ?? {
    _id: linkId,
    userId,
    purpose,
    email: user.email,
    createdAt: now,
    expiresAt: new Date(now.getTime() + lifetimeMs),
  };
  if (last === null) await links.insertOne(link, { session });
  const data = { linkId: link._id };
  await queueAccountEmail(db, user, { kind: purpose, data, now }, session);
  return true;
}
