import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order } from '../order/order-document.ts';
import { requeueEmail } from './email-outbox.ts';

/**
 * Queues an email again for staff, in any state; `key` is its id. Records the actor in the order's history first, so that
 * no copy is sent without a record. Each call sends a copy. Throws NOT_FOUND, INVALID_INPUT for another order's email.
 */
export async function resendEmail(
  db: Database,
  orderId: Types.ObjectId,
  key: string,
  { actor, now }: { actor: string; now: Date },
): Promise<Order> {
  if (!key.startsWith(`${orderId}:`)) throw invalidInput('key', 'belongs to another order');
  const email = await driverCollection(db.emails).findOne({ _id: key }, { projection: { kind: 1 } });
  if (!email) throw notFound('Email');
  const entry = { set: {}, actor, reason: `email ${email.kind} is sent again` };
  const { order } = await changeOrder(db, orderId, () => entry, now);
  if (!(await requeueEmail(db, key, now))) throw notFound('Email');
  return order;
}
