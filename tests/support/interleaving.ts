/** Forces two writes of one document into an order that is rare by chance. The writes are real, and no test sleeps. */
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';

/**
 * A database whose first read of an order, by id or by reference, runs `rival` before it returns. The caller then
 * decides on a stale order. `rival` itself uses the given database.
 */
export function afterReadingOrder(db: Database, rival: () => Promise<unknown>): Database {
  let waiting = true;
  return withReads(db, async () => {
    if (!waiting) return;
    waiting = false;
    await rival();
  });
}

/** A database that runs `rival` after each search for orders inside a transaction, before the search returns. */
export function afterSearchingOrders(db: Database, rival: () => Promise<unknown>): Database {
  return withReads(db, async (options) => {
    if (options?.session) await rival();
  });
}

/** A database that runs `rival` after the first sorted search for orders outside of transactions, before it returns. */
export function afterReadingAhead(db: Database, rival: () => Promise<unknown>): Database {
  let waiting = true;
  return withReads(db, async (options) => {
    if (!waiting || options?.session || !options?.sort) return;
    waiting = false;
    await rival();
  });
}

type Find = ReturnType<typeof driverCollection<Order>>['find'];

/** Runs `then` after each find of orders by the driver, before its documents are returned. */
function withReads(db: Database, then: (options: Parameters<Find>[1]) => Promise<unknown>): Database {
  const collection = driverCollection(db.orders);
  const find = (...args: Parameters<Find>) => {
    const cursor = collection.find(...args);
    const toArray = async () => {
      const found = await cursor.toArray();
      await then(args[1]);
      return found;
    };
    return { toArray };
  };
  const watched = withOwn(collection, { find });
  // driverCollection takes this path for a collection that it has not cached.
  const getClient = () => ({ db: () => ({ collection: () => watched }) });
  const members = { db: withOwn(db.orders.db, { getClient }), collection: withOwn(db.orders.collection, {}) };
  return { ...db, orders: withOwn(db.orders, members) };
}

/** The object with these members replaced. */
function withOwn<T extends object>(object: T, members: object): T {
  return new Proxy(object, { get: (real, key) => Reflect.get(key in members ? members : real, key) });
}
