import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertNoOpenDispute, assertNotFullyRefunding, assertNotInReview, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { type Expected, expecting } from '../staff-actions/preview.ts';

export interface ShipRequest {
  carrier: string;
  trackingNumber: string;
  actor: Actor;
  now: Date;
}

/**
 * confirmed → shipped. A repeat changes nothing. Throws ORDER_STATE_CONFLICT, also while a full refund is under way, a
 * dispute is open or money is in review; PREVIEW_OUTDATED.
 */
export async function shipOrder(
  db: Database,
  orderId: Types.ObjectId,
  request: ShipRequest,
  expected?: Expected,
): Promise<Order> {
  const decide = expecting((order) => decideShipping(order, request), expected);
  const { order } = await changeOrder(db, orderId, decide, request.now);
  return order;
}

export function decideShipping(order: Order, { carrier, trackingNumber, actor, now }: ShipRequest): OrderChange | null {
  const same = order.shipment?.carrier === carrier && order.shipment.trackingNumber === trackingNumber;
  if (order.status === 'shipped' && same) return null;
  assertShippable(order, 'confirmed', 'shipped');
  return {
    set: { status: 'shipped', shipment: { carrier, trackingNumber, shippedAt: now } },
    actor,
    event: { type: 'order_shipped' },
  };
}

/** For both steps of a parcel's way: from `from` to `to`. */
export function assertShippable(order: Order, from: Order['status'], to: Order['status']): void {
  if (order.status !== from) throw conflict(order, `only a ${from} order can be ${to}; this one is ${order.status}`);
  assertNoOpenDispute(order, 'answer it at Paystack first');
  assertNotInReview(order);
  assertNotFullyRefunding(order);
}
