import type { OrderCounts } from '../../contract/desk/order-lists.ts';
import type { Database } from '../../db/database.ts';
import { LIST_CONDITIONS } from './order-lists.ts';
import { countUpTo } from './search-orders.ts';

/** How many orders each list has, counted up to MAX_COUNT + 1. */
export async function countOrderLists(db: Database): Promise<OrderCounts> {
  const [to_ship, unpaid, shipped, delivered, cancelled, all] = await Promise.all([
    countUpTo(db, LIST_CONDITIONS.to_ship),
    countUpTo(db, LIST_CONDITIONS.unpaid),
    countUpTo(db, LIST_CONDITIONS.shipped),
    countUpTo(db, LIST_CONDITIONS.delivered),
    countUpTo(db, LIST_CONDITIONS.cancelled),
    countUpTo(db, {}, { hint: '_id_' }),
  ]);
  return { to_ship, unpaid, shipped, delivered, cancelled, all };
}
