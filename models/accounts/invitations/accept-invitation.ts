import { type ClientSession, Types } from 'mongoose';
import { isStaff } from '../../contract/permissions.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { inTransaction } from '../../db/transaction.ts';
import { invalidInput } from '../../errors.ts';
import { ensureSettings } from '../../settings/settings.ts';
import { countRoleChange } from '../change-role.ts';
import { setPasswordIn } from '../set-password.ts';
import type { Account } from '../user.ts';
import type { Invitation } from './invitation-document.ts';
import { isOpen } from './invite.ts';

export interface AcceptedInvitation {
  /** Of a new account; one that is there keeps its name. */
  name: string;
  passwordHash: string;
  now: Date;
}

/** The invitation, if it can still be accepted. Throws INVALID_INPUT. */
export async function findOpenInvitation(db: Database, id: string, now: Date): Promise<Invitation> {
  const invitation = await driverCollection(db.invitations).findOne({ _id: id, ...isOpen(now) });
  if (invitation === null) throw closed();
  return invitation;
}

/**
 * Makes the account, or gives the customer's account of the address the role and this password, which ends its sessions.
 * The address is proved by the link. Works once, and may be raced. Throws INVALID_INPUT.
 */
export async function acceptInvitation(db: Database, id: string, accepted: AcceptedInvitation): Promise<Account> {
  await ensureSettings(db);
  return inTransaction(db, async (session) => {
    const invitation = await driverCollection(db.invitations).findOneAndUpdate(
      { _id: id, ...isOpen(accepted.now) },
      { $set: { endedAt: accepted.now } },
      { session },
    );
    if (invitation === null) throw closed();
    await countRoleChange(db, session);
    return (await promote(db, invitation, accepted, session)) ?? create(db, invitation, accepted, session);
  });
}

/** Null when the address has no account. */
async function promote(
  db: Database,
  { email, role }: Invitation,
  { passwordHash, now }: AcceptedInvitation,
  session: ClientSession,
): Promise<Account | null> {
  const account = await setPasswordIn(db, { email }, { passwordHash, now, session, proved: email });
  if (account === null) return null;
  if (isStaff(account.role)) throw closed();
  await driverCollection(db.users).updateOne({ _id: account._id }, { $set: { role } }, { session });
  return { ...account, role };
}

async function create(
  db: Database,
  { email, role }: Invitation,
  { name, passwordHash, now }: AcceptedInvitation,
  session: ClientSession,
): Promise<Account> {
  const account: Account = { _id: new Types.ObjectId(), email, name, role, createdAt: now, emailVerifiedAt: now };
  await driverCollection(db.users).insertOne({ ...account, passwordHash }, { session });
  return account;
}

/** Also for a token that was never made. */
export function closed() {
  return invalidInput('token', 'this invitation was accepted, withdrawn or is too old; ask for a new one');
}
