import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { CommitOutcomeUnknownError } from '../../db/mongo-errors.ts';
import { inTransaction } from '../../db/transaction.ts';
import { setPasswordIn } from '../set-password.ts';
import type { Account } from '../user.ts';
import type { LinkPurpose, OneTimeLink } from './one-time-link-document.ts';
import { giveLinkBack, spent, takeLink, usable } from './take-link.ts';

/** The link's account, if it can still be used. Throws INVALID_INPUT as using it does. */
export async function findUsableLink(
  db: Database,
  linkId: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<OneTimeLink> {
  const link = await driverCollection(db.oneTimeLinks).findOne({ _id: linkId, ...usable(purpose, now) });
  if (!link) throw spent();
  return link;
}

/**
 * Uses a link to set the account's password. Every session ends, and an email reports it. May be raced: the link works
 * once. Throws INVALID_INPUT for one that was used, has expired or belongs to an address that the account no longer has.
 */
export async function resetPassword(
  db: Database,
  linkId: string,
  { passwordHash, now }: { passwordHash: string; now: Date },
): Promise<Account> {
  // Before the transaction: as a part of it, many who use a link at once would conflict for seconds.
  const { userId, email } = await takeLink(db, linkId, 'reset_password', { now });
  try {
    const account = await inTransaction(db, (session) =>
      setPasswordIn(db, { _id: userId, email }, { passwordHash, now, session, proved: email }),
    );
    if (account === null) throw spent();
    return account;
  } catch (error) {
    // No password was set, so its owner may try again.
    if (!(error instanceof CommitOutcomeUnknownError)) await giveLinkBack(db, linkId, now);
    throw error;
  }
}

/**
 * Uses a link to note that its address reads our emails. May be repeated: a used link of an address that is verified already
 * changes nothing. Returns the address. Throws INVALID_INPUT as above.
 */
export async function verifyEmail(db: Database, linkId: string, now: Date): Promise<string> {
  return inTransaction(db, async (session) => {
    const users = driverCollection(db.users);
    const used = await driverCollection(db.oneTimeLinks).findOne(
      { _id: linkId, purpose: 'verify_email', usedAt: { $exists: true } },
      { session },
    );
    if (used !== null) {
      const verified = { _id: used.userId, email: used.email, emailVerifiedAt: { $exists: true } };
      if ((await users.findOne(verified, { session, projection: { _id: 1 } })) === null) throw spent();
      return used.email;
    }
    const { userId, email } = await takeLink(db, linkId, 'verify_email', { now, session });
    const { matchedCount } = await users.updateOne(
      { _id: userId, email },
      [{ $set: { emailVerifiedAt: { $ifNull: ['$emailVerifiedAt', now] } } }],
      { session },
    );
    if (matchedCount === 0) throw spent();
    return email;
  });
}
