/**
 * A user: a customer or a member of staff. The role is read from here at every staff call, never from a token.
 * Users of an outside issuer (JWKS_URL) have a `subject` and no password; an email never joins them to another account.
 */
import { Schema, Types } from 'mongoose';
import { anyOf, byId, gather } from '../db/batch-loading.ts';
import { driverCollection, isDuplicateKey } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { AppError, invalidInput } from '../errors.ts';

export const ROLES = ['customer', 'staff'] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  _id: Types.ObjectId;
  /** Lower case, trimmed; unique. */
  email: string;
  name: string;
  /** argon2id, in its PHC string; absent for users of an outside issuer. */
  passwordHash?: string;
  /** `<issuer>|<sub>` of an outside issuer. */
  subject?: string;
  role: Role;
  createdAt: Date;
}

export const userSchema = new Schema<User>(
  {
    email: { type: String, required: true },
    name: { type: String, required: true },
    passwordHash: String,
    subject: String,
    role: { type: String, required: true, enum: ROLES },
    createdAt: { type: Date, required: true },
  },
  { collection: 'users', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
userSchema.index({ email: 1 }, { unique: true });
userSchema.index({ subject: 1 }, { unique: true, partialFilterExpression: { subject: { $exists: true } } });

/** A user without what only signing in needs. */
export type Account = Omit<User, 'passwordHash' | 'subject'>;

const ACCOUNT = { email: 1, name: 1, role: 1, createdAt: 1 } as const;

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

/** The user as of now, role included; null when there is none. Every signed-in call asks. */
export const findAccount = gather(async (db, ids: readonly Types.ObjectId[]) => {
  const accounts = byId(
    await driverCollection(db.users)
      .find<Account>({ _id: anyOf(ids) }, { projection: ACCOUNT })
      .toArray(),
  );
  return (id): Account | null => accounts.get(String(id)) ?? null;
});

/** For signing in only: the user with the password's hash. `email` is trimmed lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  return db.users.findOne({ email }).lean<User>();
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

/** Gives the account with this email the role, from its next call on. `email` is trimmed lower case. False when there is none. */
export async function setRole(db: Database, email: string, role: Role): Promise<boolean> {
  const { matchedCount } = await db.users.updateOne({ email }, { role }, { runValidators: true });
  return matchedCount === 1;
}
