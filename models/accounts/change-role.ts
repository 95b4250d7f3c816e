import type { ClientSession, Types } from 'mongoose';
import type { Role } from '../contract/permissions.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { ensureSettings } from '../settings/settings.ts';
import { ACCOUNT } from './find-user.ts';
import type { Account } from './user.ts';

/** `email` is trimmed lower case. */
export type Person = { email: string } | { _id: Types.ObjectId };

/** `last_owner`: refused, because the shop would have no owner. */
export type RoleResult =
  | { outcome: 'changed' | 'unchanged' | 'last_owner'; account: Account }
  | { outcome: 'no_account' };

/**
 * Gives the account another role, which applies from its next call. A repeat changes nothing. May be raced: every change
 * writes the settings document in its transaction, so that two changes at once conflict, and counts the owners after it.
 */
export async function changeRole(db: Database, person: Person, role: Role): Promise<RoleResult> {
  await ensureSettings(db);
  try {
    return await inTransaction(db, async (session): Promise<RoleResult> => {
      const users = driverCollection(db.users);
      const account = await users.findOne<Account>(person, { session, projection: ACCOUNT });
      if (account === null) return { outcome: 'no_account' };
      if (account.role === role) return { outcome: 'unchanged', account };
      const changed = { ...account, role };
      await countRoleChange(db, session);
      await users.updateOne({ _id: account._id }, { $set: { role } }, { session });
      if (account.role === 'owner' && (await users.countDocuments({ role: 'owner' }, { session })) === 0)
        throw new LastOwnerError(account);
      return { outcome: 'changed', account: changed };
    });
  } catch (error) {
    if (error instanceof LastOwnerError) return { outcome: 'last_owner', account: error.account };
    throw error;
  }
}

/** Two changes of roles at once conflict on it. The settings document must be there. */
export async function countRoleChange(db: Database, session: ClientSession): Promise<void> {
  await driverCollection(db.settings).updateOne({ _id: 'settings' }, { $inc: { roleChanges: 1 } }, { session });
}

/** Aborts the transaction. */
class LastOwnerError extends Error {
  readonly account: Account;

  constructor(account: Account) {
    super('The change would leave the shop without an owner.');
    this.account = account;
  }
}
