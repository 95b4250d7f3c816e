/** Two changes of one document in an order that chance gives once in a thousand times: real writes, no waiting. */
import type { Database } from '../../models/database.ts';

/**
 * The database, but for its first read of an order, by id or by reference, which `rival` follows before the reader goes on: whoever is
 * given it decides on what has changed meanwhile. `rival` uses the database itself.
 */
export function afterReadingOrder(db: Database, rival: () => Promise<unknown>): Database {
  let waiting = true;
  const followed = <Query extends { exec(): Promise<unknown> }>(query: Query): Query => {
    const exec = query.exec.bind(query);
    query.exec = async () => {
      const found = await exec();
      if (waiting) {
        waiting = false;
        await rival();
      }
      return found;
    };
    return query;
  };
  const reads = {
    findById: (...args: Parameters<Database['orders']['findById']>) => followed(db.orders.findById(...args)),
    findOne: (...args: Parameters<Database['orders']['findOne']>) => followed(db.orders.findOne(...args)),
  };
  const orders = new Proxy(db.orders, {
    get: (model, key) => Reflect.get(key in reads ? reads : model, key),
  });
  return { ...db, orders };
}
