import type { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { ACCOUNT } from '../find-user.ts';
import type { Account } from '../user.ts';

/** Replaces name and phone. Orders keep the name that they were placed with. Null when the account is gone. */
export async function setProfile(
  db: Database,
  userId: Types.ObjectId,
  { name, phone }: { name: string; phone?: string | undefined },
): Promise<Account | null> {
  return driverCollection(db.users).findOneAndUpdate(
    { _id: userId },
    phone === undefined ? { $set: { name }, $unset: { phone: 1 } } : { $set: { name, phone } },
    { returnDocument: 'after', projection: ACCOUNT },
  );
}
