import type { OrderList } from '../../contract/desk/order-lists.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { placedBetween } from '../ids/order-id.ts';
import type { Order } from '../order-document.ts';
import { LIST_CONDITIONS } from './order-lists.ts';

/** Some 250 kB of a reply of the database. */
const BATCH_SIZE = 100;

const EXPORTED = {
  ...{ code: 1, createdAt: 1, status: 1, paymentStatus: 1, contactSnapshot: 1, contact: 1, tags: 1, currency: 1 },
  ...{ subtotal: 1, shippingFee: 1, total: 1, delivery: 1, paidReference: 1, refunds: 1, disputes: 1 },
  ...{ 'items.quantity': 1, 'payments.reference': 1, 'payments.amount': 1, 'payments.currency': 1 },
  ...{ 'payments.domain': 1, 'payments.fees': 1, 'payments.channel': 1, 'payments.paidAt': 1 },
} as const;

export type ExportedOrder = Pick<
  Order,
  | ('code' | 'createdAt' | 'status' | 'paymentStatus' | 'contactSnapshot' | 'contact' | 'tags' | 'currency')
  | ('subtotal' | 'shippingFee' | 'total' | 'delivery' | 'paidReference' | 'refunds' | 'disputes')
> & {
  items: { quantity: number }[];
  payments: Pick<
    Order['payments'][number],
    'reference' | 'amount' | 'currency' | 'domain' | 'fees' | 'channel' | 'paidAt'
  >[];
};

/** Every order that agrees, the oldest first, a batch at a time. */
export function eachOrder(
  db: Database,
  { list, from, to }: { list?: OrderList | undefined; from?: Date | undefined; to?: Date | undefined },
): AsyncIterable<ExportedOrder> {
  const filter = { ...(list === undefined ? {} : LIST_CONDITIONS[list]), ...placedBetween(from, to) };
  return driverCollection(db.orders).find<ExportedOrder>(filter, {
    projection: EXPORTED,
    sort: { _id: 1 },
    batchSize: BATCH_SIZE,
    ...(list === undefined ? { hint: '_id_' } : {}),
    ...READ_MAJORITY,
  });
}
