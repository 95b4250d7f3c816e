/** Two changes of one document in an order that chance gives once in a thousand times: real writes, no waiting. */
import type { Database } from '../../models/database.ts';

/**
 * The database, but for its first read of an order by id, which `rival` follows before the reader goes on: whoever is
 * given it decides on what has changed meanwhile. `rival` uses the database itself.
 */
export function afterReadingOrder(db: Database, rival: () => Promise<unknown>): Database {
  let waiting = true;
  const findById: Database['orders']['findById'] = (...args: Parameters<Database['orders']['findById']>) => {
    const query = db.orders.findById(...args);
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
  const orders = new Proxy(db.orders, {
    get: (model, key) => (key === 'findById' ? findById : Reflect.get(model, key)),
  });
  return { ...db, orders };
}
