import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { queuedForSettlement } from './settlement-queue.ts';

/** Puts a parked or backing-off order back into the queue, at its own place. False when it is not paid and pending. */
export async function restoreSettlement(
  db: Database,
  orderId: Types.ObjectId,
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const { changed } = await changeOrder(db, orderId, (order) => decideRestore(order, { actor, now }), now);
  return changed;
}

/** null also for an order that is in the queue without a failure. */
export function decideRestore(order: Order, { actor, now }: { actor: Actor; now: Date }): OrderChange | null {
  const { queuedAt, attempts } = order.settlement;
  if (order.status !== 'pending' || order.paymentStatus !== 'paid') return null;
  if (queuedAt !== undefined && attempts === 0) return null;
  assertHistoryHasRoom(order);
  return { set: queuedForSettlement(order, now), actor, event: { type: 'settlement_retried' } };
}
