/** Creating users: by registration, and on first sight of a token from an outside issuer. */

import { Types } from 'mongoose';
import type { Role } from '../contract/roles.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { AppError, invalidInput } from '../errors.ts';
import type { Account, User } from './user.ts';

/** Makes a user. `email` is trimmed lower case already. Throws INVALID_INPUT when the email has an account. */
export async function createUser(
  db: Database,
  user: Pick<User, 'email' | 'name' | 'passwordHash'> & { role?: Role },
  now: Date,
): Promise<Account> {
  const { email, name, passwordHash, role = 'customer' } = user;
  try {
    const created = await db.users.create({
      email,
      name,
      role,
      createdAt: now,
      ...(passwordHash === undefined ? {} : { passwordHash }),
    });
    return { _id: created._id, email, name, role, createdAt: now };
  } catch (error) {
    if (isDuplicateKey(error, 'email')) throw invalidInput('email', 'an account cannot be made with this address');
    throw error;
  }
}

/** Who an outside issuer says it is. */
export interface OutsideIdentity {
  /** `<issuer>|<sub>`. */
  subject: string;
  email: string;
  name: string;
}

/**
 * The id of the user with this subject, made on first sight as a customer; may be raced. Throws FORBIDDEN when the
 * email belongs to another account: an issuer's word about an email must not hand over somebody's orders.
 */
export async function getOrCreateBySubject(
  db: Database,
  identity: OutsideIdentity,
  now: Date,
): Promise<Types.ObjectId> {
  const { subject, email, name } = identity;
  const known = await db.users.findOne({ subject }, { _id: 1 }).lean<{ _id: Types.ObjectId }>();
  if (known) return known._id;
  const _id = new Types.ObjectId();
  try {
    await db.users.create({ _id, subject, email, name, role: 'customer', createdAt: now });
    return _id;
  } catch (error) {
    if (isDuplicateKey(error, 'subject')) return getOrCreateBySubject(db, identity, now);
    if (!isDuplicateKey(error, 'email')) throw error;
    // The same person's first two requests may race: whichever index the server looked at first has refused.
    const twin = await db.users.findOne({ subject }, { _id: 1 }).lean<{ _id: Types.ObjectId }>();
    if (twin) return twin._id;
    throw new AppError('FORBIDDEN', 'This email address has an account of another kind; ask the shop to join them.');
  }
}
