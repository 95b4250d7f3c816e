import type { ClientSession, mongo, Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { ACCOUNT } from './find-user.ts';
import { queueAccountEmail } from './links/account-email.ts';
import { revokeLinks } from './links/take-link.ts';
import type { Account, User } from './user.ts';

/**
 * Replaces the password of a signed-in account: every session ends, and links to reset it work no more. May be raced: null
 * when the password is no longer the one that `was` is the hash of.
 */
export async function changePassword(
  db: Database,
  userId: Types.ObjectId,
  { was, passwordHash, now }: { was: string; passwordHash: string; now: Date },
): Promise<Account | null> {
  return inTransaction(db, (session) =>
    setPasswordIn(db, { _id: userId, passwordHash: was }, { passwordHash, now, session }),
  );
}

/** `proved`: the address at which the account's owner has just read an email of ours. Null if no account is so. */
export async function setPasswordIn(
  db: Database,
  which: mongo.Filter<User>,
  { passwordHash, now, session, proved }: { passwordHash: string; now: Date; session: ClientSession; proved?: string },
): Promise<Account | null> {
  const user = await driverCollection(db.users).findOneAndUpdate(
    which,
    [
      {
        $set: {
          passwordHash: { $literal: passwordHash },
          // As endAllSessions does.
          sessionsFrom: { $add: [{ $max: ['$sessionsFrom', now] }, 1] },
          emails: { $add: [{ $ifNull: ['$emails', 0] }, 1] },
          ...(proved === undefined ? {} : { emailVerifiedAt: { $ifNull: ['$emailVerifiedAt', now] } }),
        },
      },
      { $unset: 'endedSessions' },
    ],
    { session, returnDocument: 'after', projection: { ...ACCOUNT, emails: 1 } },
  );
  if (!user) return null;
  await revokeLinks(db, user._id, 'reset_password', { now, session });
  const { emails, ...account } = user;
  await queueAccountEmail(db, user, { kind: 'password_changed', data: { at: now }, now }, session);
  await driverCollection(db.sessions).deleteMany({ userId: user._id }, { session });
  return account;
}
