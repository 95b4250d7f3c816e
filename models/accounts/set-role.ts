/** Granting a role. */
import type { Role } from '../contract/roles.ts';
import type { Database } from '../db/database.ts';

/** Gives the account with this email the role, from its next call on. `email` is trimmed lower case. False when there is none. */
export async function setRole(db: Database, email: string, role: Role): Promise<boolean> {
  const { matchedCount } = await db.users.updateOne({ email }, { role }, { runValidators: true });
  return matchedCount === 1;
}
