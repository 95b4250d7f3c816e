import type { Types } from 'mongoose';
import { ROLES, STAFF_ROLES } from '../contract/permissions.ts';
import { anyOf, batchLoader, byId } from '../db/batching/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Account, User } from './user.ts';

/** The projection of an account. */
export const ACCOUNT = {
  email: 1,
  name: 1,
  role: 1,
  createdAt: 1,
  phone: 1,
  emailVerifiedAt: 1,
  sessionsFrom: 1,
  endedSessions: 1,
} as const;

/** The user with the current role; null when there is none. Batched, because every signed-in call reads its user. */
export const findAccount = batchLoader(async (db: Database, ids: readonly Types.ObjectId[]) => {
  const accounts = byId(
    await driverCollection(db.users)
      .find<Account>({ _id: anyOf(ids) }, { projection: ACCOUNT })
      .toArray(),
  );
  return ids.map((id): Account | null => accounts.get(String(id)) ?? null);
});

/** Those with a role of staff, by role and then by name. */
export async function findStaff(db: Database): Promise<Account[]> {
  const staff = await driverCollection(db.users)
    .find<Account>({ role: { $in: [...STAFF_ROLES] } }, { projection: ACCOUNT })
    .toArray();
  const rank = ({ role }: Account) => ROLES.indexOf(role);
  return staff.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

/** For signing in only, because it includes the password's hash. `email` is trimmed lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  return driverCollection(db.users).findOne({ email });
}
