/** Two changes of one document in an order that chance gives once in a thousand times: real writes, no waiting. */
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';

/**
 * The database, but for its first read of an order, by id or by reference, which `rival` follows before the reader goes on: whoever is
 * given it decides on what has changed meanwhile. `rival` uses the database itself.
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
  // The way that driverCollection takes for a collection that it has not met.
  const getClient = () => ({ db: () => ({ collection: () => watched }) });
  return withReads(db, { db: withOwn(db.orders.db, { getClient }), collection: withOwn(db.orders.collection, {}) });
}

/** The database, but for every search for orders inside a transaction, which `rival` follows before the reader goes on. */
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

/** The object, but for these members of ours. */
function withOwn<T extends object>(object: T, members: object): T {
  return new Proxy(object, { get: (real, key) => Reflect.get(key in members ? members : real, key) });
}
