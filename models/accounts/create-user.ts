import { type ClientSession, Types } from 'mongoose';
import type { Role } from '../contract/permissions.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { AppError, invalidInput } from '../errors.ts';
import type { Account, User } from './user.ts';

/** `email` is trimmed lower case already. Throws INVALID_INPUT when the email has an account. */
export async function createUser(
  db: Database,
  user: Pick<User, 'email' | 'name' | 'passwordHash'> & { role?: Role },
  now: Date,
  session?: ClientSession,
): Promise<Account> {
  const { email, name, passwordHash, role = 'customer' } = user;
  try {
    const account: Account = { _id: new Types.ObjectId(), email, name, role, createdAt: now };
    const secret = passwordHash === undefined ? {} : { passwordHash };
    await driverCollection(db.users).insertOne({ ...account, ...secret }, session === undefined ? {} : { session });
    return account;
  } catch (error) {
    if (isDuplicateKey(error, 'email')) throw invalidInput('email', 'an account cannot be made with this address');
    throw error;
  }
}

const ID_ONLY = { projection: { _id: 1 } } as const;

/** The claims of an outside issuer's token. */
export interface OutsideIdentity {
  /** `<issuer>|<sub>`. */
  subject: string;
  email: string;
  name: string;
}

/**
 * The id of the user with this subject, created as a customer on the first call. May be raced. Throws FORBIDDEN when the
 * email belongs to another account: an issuer's claim to an email must not open that account's orders.
 */
export async function getOrCreateBySubject(
  db: Database,
  identity: OutsideIdentity,
  now: Date,
): Promise<Types.ObjectId> {
  const { subject, email, name } = identity;
  const users = driverCollection(db.users);
  const existing = await users.findOne({ subject }, ID_ONLY);
  if (existing) return existing._id;
  const _id = new Types.ObjectId();
  try {
    await users.insertOne({ _id, subject, email, name, role: 'customer', createdAt: now });
    return _id;
  } catch (error) {
    if (isDuplicateKey(error, 'subject')) return getOrCreateBySubject(db, identity, now);
    if (!isDuplicateKey(error, 'email')) throw error;
    // The user's first two requests may race: the unique index that the server checks first may be that of the email.
    const winner = await users.findOne({ subject }, ID_ONLY);
    if (winner) return winner._id;
    throw new AppError('FORBIDDEN', 'This email address has an account of another kind; ask the shop to join them.');
  }
}
