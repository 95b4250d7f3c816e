import type { Types } from 'mongoose';
import type { Database } from '../../db/database.ts';
import { requeueWebhooks } from '../../messaging/webhook-inbox.ts';
import { changeOrder } from '../change-order.ts';
import { assertHistoryHasRoom } from '../guards.ts';
import type { Actor } from '../history.ts';
import type { Order } from '../order-document.ts';
import type { OrderChange } from '../order-write.ts';
import { getOrder } from '../queries/find-order.ts';
import { assertKnownShape } from '../shape.ts';
import { parkedLoops } from './parked-loops.ts';

/** Makes due again what the loops have parked on this order. A repeat changes nothing. Throws NOT_FOUND. */
export async function retryStuck(db: Database, orderId: Types.ObjectId, actor: Actor, now: Date): Promise<Order> {
  const known = await getOrder(db, orderId);
  assertKnownShape(known);
  // First, so that a process that dies in between leaves the order marked.
  const references = known.payments.map(({ reference }) => reference);
  await requeueWebhooks(db, references, now);
  const { order } = await changeOrder(db, orderId, (order) => decideRetryStuck(order, { actor, now }), now);
  return order;
}

export function decideRetryStuck(order: Order, { actor, now }: { actor: Actor; now: Date }): OrderChange | null {
  if (order.stuck === undefined) return null;
  assertHistoryHasRoom(order);
  const work = parkedLoops(order);
  const verifies = work.includes('verifies') ? { verifyDueAt: now } : {};
  return { set: { stuck: undefined, ...verifies }, actor, event: { type: 'stuck_retried', data: { work } } };
}
