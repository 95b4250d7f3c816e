import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';

/**
 * Deletes the values that corrections replaced, because they are personal data. The corrected values stay, and so does
 * the history, which only names fields. A repeat changes nothing.
 */
export async function emptyCorrections(db: Database, orderId: Types.ObjectId, by: { actor: Actor; now: Date }) {
  return (await changeOrder(db, orderId, (order) => decideEmptyCorrections(order, by), by.now)).order;
}

/** Possible with a full history too: each call needs a correction before it. */
export function decideEmptyCorrections(order: Order, { actor }: { actor: Actor }): OrderChange | null {
  if (order.corrections === undefined) return null;
  return { set: { corrections: undefined }, actor, event: { type: 'corrections_emptied' } };
}
