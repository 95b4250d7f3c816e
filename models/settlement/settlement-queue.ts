/** The settlement queue: paid, pending orders by `settlement.queuedAt`, Paystack's time of payment. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findPayingCharge } from '../order/payment-status.ts';
import { KNOWN_SHAPE } from '../order/shape.ts';

/** Place in the queue: by Paystack's time of payment, then by id. A paid order has no `verifyDueAt`; the index has it. */
export const QUEUE_ORDER = { 'settlement.queuedAt': 1, verifyDueAt: 1, _id: 1 } as const;

/** Not `$exists`, for which the index would be read from its beginning, the orders that are not queued. */
export const IS_QUEUED = { status: 'pending', 'settlement.queuedAt': { $gt: new Date(0) } } as const;

/** Queued orders, without those in `except` and those that are backing off after a failure of their own. */
export function dueFilter(now: Date, except: readonly Types.ObjectId[] = []) {
  return {
    ...KNOWN_SHAPE,
    ...IS_QUEUED,
    ...(except.length === 0 ? {} : { _id: { $nin: [...except] } }),
    $or: [{ 'settlement.retryAt': { $exists: false } }, { 'settlement.retryAt': { $lte: now } }],
  };
}

/** True while an order waits to be settled. One look at the queue's index. */
export async function isSettlementDue(db: Database, now: Date): Promise<boolean> {
  const first = await driverCollection(db.orders).findOne(dueFilter(now), {
    projection: { _id: 1 },
    sort: QUEUE_ORDER,
  });
  return first !== null;
}

/** Takes a pending order out of the queue while the charge that pays it is in doubt; nothing for any other charge. */
export function withoutSettlement(order: Order, reference: string): OrderChange['set'] {
  if (order.status !== 'pending' || order.paidReference !== reference) return {};
  return { settlement: { attempts: order.settlement.attempts } };
}

/** Puts a paid, pending order (back) into the queue, at its own place and with its failures cleared. */
export function queuedForSettlement(order: Order, now: Date): OrderChange['set'] {
  const { queuedAt = findPayingCharge(order)?.paidAt ?? now } = order.settlement;
  return { settlement: { queuedAt, attempts: 0 } };
}
