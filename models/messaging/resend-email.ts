import type { Types } from 'mongoose';
import type { EmailKind } from '../contract/statuses.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { requeueEmail } from './email-outbox.ts';
import { parseOutboxId } from './outbox-id.ts';

/**
 * Queues an email again for staff, in any state; `key` is its id. Records the actor in the order's history first, so that
 * no copy is sent without a record. Each call sends a copy. Throws NOT_FOUND, INVALID_INPUT for another order's email.
 */
export async function resendEmail(
  db: Database,
  orderId: Types.ObjectId,
  key: string,
  { actor, now }: { actor: Actor; now: Date },
): Promise<Order> {
  const id = parseOutboxId(key);
  if (id?.about !== 'order' || id.orderId !== String(orderId)) throw invalidInput('key', 'belongs to another order');
  const email = await driverCollection(db.emails).findOne({ _id: key }, { projection: { kind: 1 } });
  if (!email) throw notFound('Email');
  const decide = (order: Order) => decideResend(order, { seq: id.seq, kind: email.kind, actor });
  const { order } = await changeOrder(db, orderId, decide, now);
  if (!(await requeueEmail(db, key, now))) throw notFound('Email');
  return order;
}

export function decideResend(
  order: Order,
  { seq, kind, actor }: { seq: number; kind: EmailKind; actor: Actor },
): OrderChange {
  assertHistoryHasRoom(order);
  return { set: {}, actor, event: { type: 'email_resent', data: { kind, seq } } };
}
