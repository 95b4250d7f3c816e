/** Which pending orders are to be verified at Paystack, by `verifyDueAt`. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { type ReminderRule, reminderDueAt } from '../messaging/payment-reminder.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order } from '../order/order-document.ts';
import { KNOWN_SHAPE } from '../order/shape.ts';
import { nextVerify } from './verify-schedule.ts';

/** Makes the open attempts of an order that waits for its payment due for verification now. May be raced by its end. */
export async function makeVerifyDue(db: Database, orderId: Types.ObjectId, now: Date): Promise<void> {
  await changeOrder(
    db,
    orderId,
    (order) => {
      if (order.status !== 'pending' || order.paymentStatus !== 'unpaid') return null;
      if (order.verifyDueAt !== undefined && order.verifyDueAt <= now) return null;
      return { set: { verifyDueAt: now }, actor: 'system' };
    },
    now,
  );
}

/** Pending orders that are not queued for settlement; the index of the queues has them in this order. */
export function isVerifyDue(by: Date) {
  return { status: 'pending', 'settlement.queuedAt': { $exists: false }, verifyDueAt: { $lte: by } } as const;
}

/** Orders that are due for verification by `now`, the longest due first. */
export async function findDueVerifies(db: Database, now: Date, limit: number): Promise<Types.ObjectId[]> {
  const due = await driverCollection(db.orders)
    .find({ ...isVerifyDue(now), ...KNOWN_SHAPE }, { projection: { _id: 1 }, sort: { verifyDueAt: 1 }, limit })
    .toArray();
  return due.map(({ _id }) => _id);
}

/**
 * Claims the order's verification by moving `verifyDueAt` on to the next step of its schedule. May be raced: one worker
 * gets it. Null for the others, and when nothing is left to verify. The order's reminder falls on a verification.
 */
export async function claimVerify(
  db: Database,
  orderId: Types.ObjectId,
  reminder: ReminderRule,
  now: Date,
): Promise<Order | null> {
  let claimed = false;
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      claimed = false;
      if (order.verifyDueAt === undefined || order.verifyDueAt > now) return null;
      claimed = order.status === 'pending' && order.paymentStatus === 'unpaid';
      return {
        set: claimed ? nextVerify(order, now, reminderDueAt(order, reminder)) : { verifyDueAt: undefined },
        actor: 'system',
      };
    },
    now,
  );
  return changed && claimed ? order : null;
}
