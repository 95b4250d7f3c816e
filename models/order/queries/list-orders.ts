import { Types } from 'mongoose';
import { ORDER_STATUSES, type OrderStatus } from '../../contract/statuses.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { invalidInput } from '../../errors.ts';
import type { Order } from '../order-document.ts';
import { placedBetween } from '../order-id.ts';
import { ATTENTION_INDEX, OWNER_INDEX } from '../order-schema.ts';
import { referenceOf } from '../reference.ts';

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null after the last. */
  nextCursor: string | null;
}

export type ListedOrder = Pick<
  Order,
  '_id' | 'code' | 'status' | 'paymentStatus' | 'total' | 'currency' | 'createdAt' | 'contactSnapshot'
> & { items: { quantity: number }[] };

const LISTED = {
  code: 1,
  status: 1,
  paymentStatus: 1,
  total: 1,
  currency: 1,
  createdAt: 1,
  contactSnapshot: 1,
  'items.quantity': 1,
} as const;

interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/** The customer's orders, newest first. Without a status all statuses are listed in the filter, so one index serves both. */
export async function findOrdersOfUser(
  db: Database,
  userId: Types.ObjectId,
  request: PageRequest & { status?: OrderStatus | undefined },
): Promise<Page<ListedOrder>> {
  const status = request.status ?? { $in: [...ORDER_STATUSES] };
  return findPage(db, { userId, status }, request, { hint: OWNER_INDEX });
}

export interface OrderSearch extends PageRequest {
  status?: OrderStatus | undefined;
  /** The customer account's, lower case. */
  email?: string | undefined;
  code?: string | undefined;
  reference?: string | undefined;
  /** Placed at or after, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Only orders that need attention for this reason. */
  attention?: 'parked' | 'review' | 'refund' | 'stuck' | undefined;
}

const ATTENTION = {
  parked: { 'settlement.parkedAt': { $exists: true } },
  review: { reviewSince: { $exists: true } },
  refund: { refundAttentionSince: { $exists: true } },
  stuck: { stuckSince: { $exists: true } },
} as const;

/** Staff's search, newest first; every given condition must hold. */
export async function searchOrders(db: Database, search: OrderSearch): Promise<Page<ListedOrder>> {
  const { status, email, code, reference, from, to, attention } = search;
  const shopper =
    email === undefined ? undefined : await driverCollection(db.users).findOne({ email }, { projection: { _id: 1 } });
  if (shopper === null) return { items: [], nextCursor: null };
  // A code is found by the first reference of its order, which is indexed.
  const named = reference ?? (code === undefined ? undefined : referenceOf(code, 1));
  const filter = {
    ...(shopper === undefined ? {} : { userId: shopper._id, status: { $in: [...ORDER_STATUSES] } }),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(named === undefined ? {} : { 'payments.reference': named }),
    ...placedBetween(from, to),
    ...(attention === undefined ? {} : ATTENTION[attention]),
  };
  return findPage(db, filter, search, hintFor({ named, shopper, attention }));
}

/** Without a hint, the query planner would neither scan the small attention index nor merge a customer's statuses. */
function hintFor({ named, shopper, attention }: Record<'named' | 'shopper' | 'attention', unknown>): { hint?: string } {
  if (named !== undefined) return {};
  if (shopper !== undefined) return { hint: OWNER_INDEX };
  return attention === undefined ? {} : { hint: ATTENTION_INDEX };
}

async function findPage(
  db: Database,
  filter: Record<string, unknown>,
  { cursor, limit }: PageRequest,
  options: { hint?: string } = {},
): Promise<Page<ListedOrder>> {
  const before = cursor === undefined ? {} : { $and: [{ _id: { $lt: parseCursor(cursor) } }] };
  const orders = await driverCollection(db.orders)
    .find<ListedOrder>(
      { ...filter, ...before },
      { projection: LISTED, sort: { _id: -1 }, limit: limit + 1, ...READ_MAJORITY, ...options },
    )
    .toArray();
  const items = orders.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: orders.length > limit && last ? String(last._id) : null };
}

function parseCursor(cursor: string): Types.ObjectId {
  if (!/^[0-9a-f]{24}$/i.test(cursor)) throw invalidInput('cursor', 'must be the nextCursor of a page');
  return new Types.ObjectId(cursor);
}
