/** Two changes of one document in an order that chance gives once in a thousand times: real writes, no waiting. */
import type { Database } from '../../models/database.ts';

/**
 * The database, but for its first read of an order, by id or by reference, which `rival` follows before the reader goes on: whoever is
 * given it decides on what has changed meanwhile. `rival` uses the database itself.
 */
export function afterReadingOrder(db: Database, rival: () => Promise<unknown>): Database {
  let waiting = true;
  const once = async () => {
    if (!waiting) return;
    waiting = false;
    await rival();
  };
  return withReads(db, {
    findById: (...args: Parameters<Database['orders']['findById']>) => followed(db.orders.findById(...args), once),
    findOne: (...args: Parameters<Database['orders']['findOne']>) => followed(db.orders.findOne(...args), once),
  });
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
  const orders = new Proxy(db.orders, {
    get: (model, key) => Reflect.get(key in reads ? reads : model, key),
  });
  return { ...db, orders };
}
