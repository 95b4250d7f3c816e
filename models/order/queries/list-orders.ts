import { Types } from 'mongoose';
import { ORDER_STATUSES, type OrderStatus } from '../../contract/statuses.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { invalidInput } from '../../errors.ts';
import type { Order, Shipment } from '../order-document.ts';
import { OWNER_INDEX } from '../order-schema.ts';

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null after the last. */
  nextCursor: string | null;
}

export type ListedOrder = Pick<
  Order,
  | '_id'
  | 'code'
  | 'status'
  | 'paymentStatus'
  | 'total'
  | 'currency'
  | 'createdAt'
  | 'contactSnapshot'
  | 'contact'
  | 'tags'
  | 'disputeAnswerBy'
  | 'delivery'
  | 'paidReference'
  | 'payments'
  | 'refunds'
  | 'disputes'
  | 'stuckSince'
> & {
  items: { quantity: number }[];
  shipments?: Pick<Shipment, 'lines' | 'voidedAt' | 'deliveredAt'>[];
  settlement: Pick<Order['settlement'], 'parkedAt'>;
};

export const LISTED = {
  code: 1,
  status: 1,
  paymentStatus: 1,
  total: 1,
  currency: 1,
  createdAt: 1,
  contactSnapshot: 1,
  contact: 1,
  tags: 1,
  disputeAnswerBy: 1,
  'items.quantity': 1,
  delivery: 1,
  paidReference: 1,
  refunds: 1,
  disputes: 1,
  stuckSince: 1,
  'settlement.parkedAt': 1,
  'shipments.lines': 1,
  'shipments.voidedAt': 1,
  'shipments.deliveredAt': 1,
  payments: 1,
} as const;

/** A row of a customer's own list: the state of the order and its money. */
export type OwnOrder = Pick<
  Order,
  | '_id'
  | 'code'
  | 'status'
  | 'paymentStatus'
  | 'total'
  | 'currency'
  | 'createdAt'
  | 'paidReference'
  | 'payments'
  | 'refunds'
  | 'disputes'
> & { items: { quantity: number }[] };

const OWN_FIELDS = {
  code: 1,
  status: 1,
  paymentStatus: 1,
  total: 1,
  currency: 1,
  createdAt: 1,
  'items.quantity': 1,
  paidReference: 1,
  payments: 1,
  refunds: 1,
  disputes: 1,
} as const;

export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/** The customer's orders, newest first. Without a status all statuses are listed in the filter, so one index serves both. */
export async function findOrdersOfUser(
  db: Database,
  userId: Types.ObjectId,
  request: PageRequest & { status?: OrderStatus | undefined },
): Promise<Page<OwnOrder>> {
  const status = request.status ?? { $in: [...ORDER_STATUSES] };
  return findPage<OwnOrder>(db, { userId, status }, request, { hint: OWNER_INDEX, projection: OWN_FIELDS });
}

/** Orders that agree with the filter, newest first unless `oldestFirst`. */
export async function findPage<Listed extends { _id: Types.ObjectId } = ListedOrder>(
  db: Database,
  filter: Record<string, unknown>,
  { cursor, limit }: PageRequest,
  { oldestFirst = false, ...options }: { hint?: string; oldestFirst?: boolean; projection?: object } = {},
): Promise<Page<Listed>> {
  const beyond = cursor === undefined ? {} : { [oldestFirst ? '$gt' : '$lt']: parseCursor(cursor) };
  const before = cursor === undefined ? {} : { $and: [{ _id: beyond }] };
  const orders = await driverCollection(db.orders)
    .find<Listed>(
      { ...filter, ...before },
      { projection: LISTED, sort: { _id: oldestFirst ? 1 : -1 }, limit: limit + 1, ...READ_MAJORITY, ...options },
    )
    .toArray();
  const items = orders.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: orders.length > limit && last ? String(last._id) : null };
}

export function parseCursor(cursor: string): Types.ObjectId {
  if (!/^[0-9a-f]{24}$/i.test(cursor))
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  return new Types.ObjectId(cursor);
}
