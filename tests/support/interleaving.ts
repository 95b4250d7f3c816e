/** Forces two writes of one document into an order that is rare by chance. The writes are real, and no test sleeps. */
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';

/**
 * A database whose first read of an order, by id or by reference, runs `rival` before it returns. The caller then
 * decides on a stale order. `rival` itself uses the given database.
 */
export function afterReadingOrder(db: Database, rival: () => Promise<unknown>): Database {
  let waiting = true;
  const collection = driverCollection(db.orders);
  const find = (...args: Parameters<typeof collection.find>) => {
    const cursor = collection.find(...args);
    const toArray = async () => {
      const found = await cursor.toArray();
      if (waiting) {
        waiting = false;
        await rival();
      }
      return found;
    };
    return { toArray };
  };
  const watched = withOwn(collection, { find });
  // driverCollection takes this path for a collection that it has not cached.
  const getClient = () => ({ db: () => ({ collection: () => watched }) });
  return withReads(db, { db: withOwn(db.orders.db, { getClient }), collection: withOwn(db.orders.collection, {}) });
}

/** A database that runs `rival` after each search for orders inside a transaction, before the search returns. */
export function afterSearchingOrders(db: Database, rival: () => Promise<unknown>): Database {
  const find = (...args: Parameters<Database['orders']['find']>) => {
    const query = db.orders.find(...args);
    return followed(query, async () => {
      if (query.getOptions().session) await rival();
    });
  };
  return withReads(db, { find });
}

function followed<Query extends { exec(): Promise<unknown> }>(query: Query, then: () => Promise<unknown>): Query {
  const exec = query.exec.bind(query);
  query.exec = async () => {
    const found = await exec();
    await then();
    return found;
  };
  return query;
}

function withReads(db: Database, reads: object): Database {
  return { ...db, orders: withOwn(db.orders, reads) };
}

/** The object with these members replaced. */
function withOwn<T extends object>(object: T, members: object): T {
  return new Proxy(object, { get: (real, key) => Reflect.get(key in members ? members : real, key) });
}
