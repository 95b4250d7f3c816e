/** Which refunds are to be worked on, by each open refund's `dueAt`; the order's `refundDueAt` is the first of them. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { DEADLINES } from '../deadlines.ts';
import { changeOrder } from '../order/change-order.ts';
import { workableRefunds } from '../order/money/open-refunds.ts';
import type { Order, Refund } from '../order/order-document.ts';
import { ATTENTION_INDEX } from '../order/order-schema.ts';
import { KNOWN_SHAPE } from '../order/shape.ts';
import { isRefundOpen } from '../order/status.ts';
import { replaceRefund } from './change-refund.ts';

/** Orders whose refunds are due by `now`, the longest due first. */
export async function findDueRefunds(db: Database, now: Date, limit: number): Promise<Types.ObjectId[]> {
  const due = await driverCollection(db.orders)
    .find({ refundDueAt: { $lte: now }, ...KNOWN_SHAPE }, { projection: { _id: 1 }, sort: { refundDueAt: 1 }, limit })
    .toArray();
  return due.map(({ _id }) => _id);
}

/**
 * Claims the order's refund that is due, for 120 s, by moving its `dueAt` on. Null when none is due or another worker
 * was faster. May be raced: one worker gets it. A refund that waits for another of its charge to be sent is not claimed.
 */
export async function claimRefund(
  db: Database,
  orderId: Types.ObjectId,
  now: Date,
): Promise<{ order: Order; refund: Refund } | null> {
  let claimedId: string | null = null;
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const due = longestDue(order, now);
      claimedId = due?.refundId ?? null;
      if (!due) return null;
      const dueAt = new Date(now.getTime() + DEADLINES.refundClaim);
      return { set: { refunds: replaceRefund(order, { ...due, dueAt }) }, actor: 'system' };
    },
    now,
  );
  const refund = order.refunds.find(({ refundId }) => refundId === claimedId);
  return changed && refund ? { order, refund } : null;
}

/** Else a refund that is checked again and again would keep the others of its order waiting. */
function longestDue(order: Order, now: Date): Refund | undefined {
  const dueTime = ({ dueAt, requestedAt }: Refund) => (dueAt ?? requestedAt).getTime();
  return workableRefunds(order)
    .filter(({ dueAt }) => (dueAt ?? now) <= now)
    .sort((a, b) => dueTime(a) - dueTime(b))[0];
}

/** Makes the order's open refunds due now, after a webhook about them. True when any was brought forward. */
export async function makeRefundsDue(db: Database, orderId: Types.ObjectId, now: Date): Promise<boolean> {
  const { changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      const waiting = order.refunds.filter(
        ({ state, dueAt }) => isRefundOpen(state) && dueAt !== undefined && dueAt > now,
      );
      // A claimed refund also has a future dueAt; bringing it forward could let a second worker send it.
      const accepted = waiting.filter(({ gatewayRefundId }) => gatewayRefundId !== undefined);
      if (accepted.length === 0) return null;
      const refunds = order.refunds.map((refund) => (accepted.includes(refund) ? { ...refund, dueAt: now } : refund));
      return { set: { refunds }, actor: 'system' };
    },
    now,
  );
  return changed;
}

/**
 * Makes the refunds due now that wait for the shop's balance at Paystack: a payout has changed it. Returns the count of
 * orders. May be repeated and raced: one that a worker has claimed stays as it is.
 */
export async function makeBalanceRefundsDue(db: Database, now: Date, limit: number): Promise<number> {
  const notClaimed = new Date(now.getTime() + DEADLINES.refundClaim);
  const waiting = await driverCollection(db.orders)
    .find(
      { ...KNOWN_SHAPE, refundDueAt: { $gt: now }, 'refunds.balanceLowSince': { $exists: true } },
      { projection: { _id: 1 }, limit, hint: ATTENTION_INDEX },
    )
    .toArray();
  let count = 0;
  for (const { _id } of waiting) {
    const { changed } = await changeOrder(
      db,
      _id,
      (order) => {
        const waits = ({ state, balanceLowSince, dueAt }: Refund) =>
          isRefundOpen(state) && balanceLowSince !== undefined && dueAt !== undefined && dueAt > notClaimed;
        if (!order.refunds.some(waits)) return null;
        const refunds = order.refunds.map((refund) => (waits(refund) ? { ...refund, dueAt: now } : refund));
        return { set: { refunds }, actor: 'system' };
      },
      now,
    );
    if (changed) count += 1;
  }
  return count;
}
