import type { mongo, Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { areDuplicateKeys } from '../db/mongo-errors.ts';
import { WRITE_W1 } from '../db/read-write-concerns.ts';
import type { SearchRow } from './order-search-document.ts';
import { type SearchedOrder, toSearchTokens } from './order-tokens.ts';

/** The fields of an order that its tokens are made from. */
export const SEARCHED_FIELDS = {
  code: 1,
  status: 1,
  paymentStatus: 1,
  version: 1,
  contactSnapshot: 1,
  contact: 1,
  tags: 1,
  paidReference: 1,
  'shipments.trackingNumber': 1,
  'shippingAddressSnapshot.name': 1,
  'shippingAddressSnapshot.phone': 1,
  'shippingAddressSnapshot.country': 1,
  'deliverTo.name': 1,
  'deliverTo.phone': 1,
  'deliverTo.country': 1,
  'items.variantSnapshot.sku': 1,
  'items.productSnapshot.productId': 1,
  'delivery.methodId': 1,
  'payments.reference': 1,
  'payments.channel': 1,
} as const;

/**
 * Writes the search rows of these orders from the orders as they are now. Not for use inside a transaction. May be repeated
 * and raced: the row of a newer version stays.
 */
export async function writeSearchOf(db: Database, orderIds: readonly Types.ObjectId[]): Promise<void> {
  await storeSearchRows(db, await readSearchRows(db, orderIds));
}

/** The rows that the orders should have as they are now. */
export async function readSearchRows(db: Database, orderIds: readonly Types.ObjectId[]): Promise<SearchRow[]> {
  const orders = await driverCollection(db.orders)
    .find<SearchedOrder>({ _id: { $in: [...orderIds] } }, { projection: SEARCHED_FIELDS })
    .toArray();
  return orders.map((order) => ({ _id: order._id, t: toSearchTokens(order), v: order.version }));
}

/** The repair finds rows that a failover takes back, so these writes do not wait for a majority. */
export async function storeSearchRows(db: Database, rows: readonly SearchRow[]): Promise<void> {
  if (rows.length === 0) return;
  try {
    await writeRows(db, rows, { upsert: true });
  } catch (error) {
    if (!areDuplicateKeys(error)) throw error;
    // A row is there: of a newer version, or of an older one that another writer has just inserted.
    await writeRows(db, rows, { upsert: false });
  }
}

async function writeRows(db: Database, rows: readonly SearchRow[], { upsert }: { upsert: boolean }): Promise<void> {
  const writes = rows.map(
    ({ _id, t, v }): mongo.AnyBulkWriteOperation<SearchRow> => ({
      updateOne: { filter: { _id, v: { $lte: v } }, update: { $set: { t, v } }, upsert },
    }),
  );
  await driverCollection(db.orderSearch).bulkWrite(writes, { ordered: false, ...WRITE_W1 });
}
