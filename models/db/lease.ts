/**
 * Advisory leases on the server's own clock ($$NOW), never on a process's. Correctness never rests on a lease: a paused
 * holder resumes with a lease that has ended, and a failover may lose one (write concern `w: 1`).
 */

import { driverCollection } from './connection.ts';
import type { Database } from './database.ts';
import { isDuplicateKey } from './mongo-errors.ts';
import { WRITE_W1 } from './read-write-concerns.ts';

/** Takes or renews the lease for `durationMs`. False while another holder has it. May be raced and repeated. */
export async function takeLease(db: Database, name: string, holder: string, durationMs: number): Promise<boolean> {
  const free = {
    $or: [{ $eq: ['$holder', holder] }, { $lte: ['$until', '$$NOW'] }, { $eq: [{ $type: '$until' }, 'missing'] }],
  };
  try {
    const lease = await driverCollection(db.leases).findOneAndUpdate(
      { _id: name },
      [
        {
          $set: {
            holder: { $cond: [free, holder, '$holder'] },
            until: { $cond: [free, { $add: ['$$NOW', durationMs] }, '$until'] },
          },
        },
      ],
      { upsert: true, returnDocument: 'after', ...WRITE_W1 },
    );
    return lease?.holder === holder;
  } catch (error) {
    // Two processes may both insert a lease that did not exist; the loser's insert violates the unique _id.
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Does nothing when another holder has the lease meanwhile. */
export async function releaseLease(db: Database, name: string, holder: string): Promise<void> {
  await driverCollection(db.leases).deleteOne({ _id: name, holder }, WRITE_W1);
}
