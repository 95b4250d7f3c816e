import { z } from 'zod';
import { count } from '../fields.ts';
import { MAX_COUNT } from '../limits.ts';

/** The tabs of staff's page of orders. An order is in one of them at most. `cancelled` has the refunded ones as well. */
export const ORDER_LISTS = ['to_ship', 'unpaid', 'shipped', 'delivered', 'cancelled'] as const;
export type OrderList = (typeof ORDER_LISTS)[number];

/** Lists of work: the oldest order comes first. */
export const WORK_LISTS: ReadonlySet<OrderList> = new Set(['to_ship', 'unpaid']);

const upToMax = count.max(MAX_COUNT + 1);

/** MAX_COUNT + 1 means more than MAX_COUNT. */
export const orderCounts = z.strictObject({
  to_ship: upToMax,
  unpaid: upToMax,
  shipped: upToMax,
  delivered: upToMax,
  cancelled: upToMax,
  all: upToMax,
});

export type OrderCounts = z.infer<typeof orderCounts>;
