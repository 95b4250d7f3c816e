import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { assertShippable } from './ship-order.ts';

/** shipped → delivered; A repeat changes nothing. Throws as shipOrder does. */
export async function deliverOrder(
  db: Database,
  orderId: Types.ObjectId,
  request: { actor: Actor; now: Date },
): Promise<Order> {
  const { order } = await changeOrder(db, orderId, (order) => decideDelivery(order, request), request.now);
  return order;
}

export function decideDelivery(order: Order, { actor, now }: { actor: Actor; now: Date }): OrderChange | null {
  if (order.status === 'delivered') return null;
  assertShippable(order, 'shipped', 'delivered');
  return {
    set: { status: 'delivered', ...(order.shipment ? { shipment: { ...order.shipment, deliveredAt: now } } : {}) },
    actor,
    event: { type: 'order_delivered' },
  };
}
