/** Single orders to be shown to people. Changes are decided on what models/order reads. */
import type { Types } from 'mongoose';
import { COMMITTED, driverCollection } from './connection.ts';
import type { Database } from './database.ts';
import { notFound } from './errors.ts';
import type { Order } from './order-document.ts';

/** To show: as a majority has it (see COMMITTED). Throws NOT_FOUND. */
export async function getCommittedOrder(db: Database, orderId: Types.ObjectId): Promise<Order> {
  const order = await driverCollection(db.orders).findOne({ _id: orderId }, COMMITTED);
  if (!order) throw notFound('Order');
  return order;
}

/**
 * The owner's order, to show; NOT_FOUND for somebody else's, which must not be told apart from none. `as` says what is
 * read: what a majority has, unless told otherwise.
 */
export async function getOrderOfUser(
  db: Database,
  orderId: Types.ObjectId,
  userId: Types.ObjectId,
  as: typeof COMMITTED | Record<string, never> = COMMITTED,
): Promise<Order> {
  const order = await driverCollection(db.orders).findOne({ _id: orderId, userId }, as);
  if (!order) throw notFound('Order');
  return order;
}
