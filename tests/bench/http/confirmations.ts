/** When each order was confirmed, by the database's own change stream: nobody has to ask the shop. */
import type { Types } from 'mongoose';
import { driverCollection } from '../../../models/db/connection.ts';
import type { Database } from '../../../models/db/database.ts';

export interface Confirmations {
  /** The performance.now() at which the order's confirmation was seen. */
  of(orderId: Types.ObjectId): Promise<number>;
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;

export async function watchConfirmations(db: Database): Promise<Confirmations> {
  const seen = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const stream = driverCollection(db.orders).watch(
    [{ $match: { 'updateDescription.updatedFields.status': 'confirmed' } }, { $project: { documentKey: 1 } }],
    { maxAwaitTimeMS: 1_000 },
  );
  stream.on('change', (change) => {
    if (!('documentKey' in change)) return;
    const key = String(change.documentKey._id);
    const at = performance.now();
    seen.set(key, at);
    waiting.get(key)?.(at);
  });
  // A stream tells what happens after its first read, which nothing announces; an empty one is quick.
  await new Promise((resolve) => stream.once('resumeTokenChanged', resolve));
  return {
    of: (orderId) =>
      new Promise((resolve, reject) => {
        const key = String(orderId);
        const at = seen.get(key);
        if (at !== undefined) return resolve(at);
        const late = setTimeout(() => reject(new Error(`order ${key} was not confirmed`)), PATIENCE_MS);
        waiting.set(key, (when) => {
          clearTimeout(late);
          resolve(when);
        });
      }),
    close: () => stream.close(),
  };
}
