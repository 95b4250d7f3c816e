import type { Types } from 'mongoose';
import { KNOWN_SHAPE } from '../../order/shape.ts';
import { driverCollection } from '../connection.ts';
import type { Migration } from './migration.ts';

const BATCH_SIZE = 500;

/**
 * Raises the version of every order by one and changes nothing else. The pattern for migrations of orders: by `_id`, and
 * under the version. A change that was decided before the batch then loses its race and is decided again.
 */
export const touchOrders: Migration = {
  name: '2026-11-28-touch-orders',
  up: (db, progress) => {
    const collection = driverCollection(db.orders);
    return progress.forEachBatch<Types.ObjectId>(async (after, session) => {
      const orders = await collection
        .find(
          { ...(after === null ? {} : { _id: { $gt: after } }), ...KNOWN_SHAPE },
          { projection: { version: 1 }, sort: { _id: 1 }, limit: BATCH_SIZE, session },
        )
        .toArray();
      const last = orders.at(-1);
      if (last === undefined) return null;
      const writes = orders.map(({ _id, version }) => ({
        updateOne: { filter: { _id, version }, update: { $inc: { version: 1 } } },
      }));
      const { matchedCount } = await collection.bulkWrite(writes, { session });
      // Within one snapshot every version still matches; another writer is a write conflict, which repeats the batch.
      if (matchedCount !== orders.length) throw new Error(`Touched ${matchedCount} of ${orders.length} orders.`);
      return last._id;
    });
  },
};
