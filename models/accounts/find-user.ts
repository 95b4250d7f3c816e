import type { Types } from 'mongoose';
import { anyOf, batchLoader, byId } from '../db/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Account, User } from './user.ts';

const ACCOUNT = { email: 1, name: 1, role: 1, createdAt: 1 } as const;

/** The user with the current role; null when there is none. Batched, because every signed-in call reads its user. */
export const findAccount = batchLoader(async (db: Database, ids: readonly Types.ObjectId[]) => {
  const accounts = byId(
    await driverCollection(db.users)
      .find<Account>({ _id: anyOf(ids) }, { projection: ACCOUNT })
      .toArray(),
  );
  return ids.map((id): Account | null => accounts.get(String(id)) ?? null);
});

/** For signing in only, because it includes the password's hash. `email` is trimmed lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<User | null> {
  return driverCollection(db.users).findOne({ email });
}
