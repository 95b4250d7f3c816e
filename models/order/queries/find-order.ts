/** Single orders, read by the driver: mongoose's hydration would double the time of a read. Lookups are batched. */
import type { Types } from 'mongoose';
import { anyOf, batchLoader, byId } from '../../db/batching/batch-loader.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { notFound } from '../../errors.ts';
import type { Order } from '../order-document.ts';
import { findAttempt } from '../payment-status.ts';

/** Reads the primary without a read concern: safe for decisions, because the write that follows checks the version. */
export const findOrder = batchLoader((db: Database, ids: readonly Types.ObjectId[]) => findById(db, ids, {}));

/** As findOrder reads it. Throws NOT_FOUND. */
export async function getOrder(db: Database, orderId: Types.ObjectId): Promise<Order> {
  return orThrow(await findOrder(db, orderId));
}

/** The order that has (or had) this reference; null when none does. */
export const findOrderByReference = batchLoader(async (db: Database, references: readonly string[]) => {
  const orders = await driverCollection(db.orders)
    .find({ 'payments.reference': anyOf(references) })
    .toArray();
  return references.map(
    (reference): Order | null => orders.find((order) => findAttempt(order, reference) !== null) ?? null,
  );
});

/** Read concern `majority`, for data shown to users: a failover cannot roll it back. Throws NOT_FOUND. */
export async function getCommittedOrder(db: Database, orderId: Types.ObjectId): Promise<Order> {
  return orThrow(await findCommitted(db, orderId));
}

/** As getCommittedOrder. Another user's order is NOT_FOUND too, so that its existence is not revealed. */
export async function getOrderOfUser(db: Database, orderId: Types.ObjectId, userId: Types.ObjectId): Promise<Order> {
  return ownedBy(userId, await findCommitted(db, orderId));
}

/**
 * As getOrderOfUser, without read concern `majority`: for subscribers that were notified of a change, which a new primary
 * may not yet have marked as committed.
 */
export async function getLatestOrderOfUser(
  db: Database,
  orderId: Types.ObjectId,
  userId: Types.ObjectId,
): Promise<Order> {
  return ownedBy(userId, await findOrder(db, orderId));
}

const findCommitted = batchLoader((db: Database, ids: readonly Types.ObjectId[]) => findById(db, ids, READ_MAJORITY));

async function findById(
  db: Database,
  ids: readonly Types.ObjectId[],
  as: typeof READ_MAJORITY | Record<string, never>,
) {
  const orders = byId(
    await driverCollection(db.orders)
      .find({ _id: anyOf(ids) }, as)
      .toArray(),
  );
  return ids.map((id): Order | null => orders.get(String(id)) ?? null);
}

function orThrow(order: Order | null): Order {
  if (!order) throw notFound('Order');
  return order;
}

function ownedBy(userId: Types.ObjectId, order: Order | null): Order {
  const { userId: owner } = orThrow(order);
  return orThrow(owner.equals(userId) ? order : null);
}
