import type { Role } from '../contract/roles.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';

/** The role applies from the account's next call on. `email` is trimmed lower case. False when it has no account. */
export async function setRole(db: Database, email: string, role: Role): Promise<boolean> {
  const { matchedCount } = await driverCollection(db.users).updateOne({ email }, { $set: { role } });
  return matchedCount === 1;
}
