/** Bank transfers that Paystack did not accept and sends back by itself. They are facts of the history, and move no money here. */
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { type HistoryData, MAX_REPEATED_HISTORY } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';

export type RejectedTransfer = HistoryData['transfer_rejected'];

/**
 * An event has neither an id nor a time. So two transfers of the same amount on one reference are taken for a repeat of
 * one event, and shown once.
 */
export async function recordRejectedTransfer(
  db: Database,
  orderId: Types.ObjectId,
  rejected: RejectedTransfer,
  now: Date,
): Promise<{ order: Order; changed: boolean }> {
  return changeOrder(
    db,
    orderId,
    (order) => {
      const isKnown = rejectedTransfersOf(order).some(
        ({ reference, amount, cause }) =>
          reference === rejected.reference && amount === rejected.amount && cause === rejected.cause,
      );
      if (isKnown || order.history.length >= MAX_REPEATED_HISTORY) return null;
      return { set: {}, actor: 'paystack', event: { type: 'transfer_rejected', data: rejected } };
    },
    now,
  );
}

/** Oldest first. */
export function rejectedTransfersOf({ history }: Pick<Order, 'history'>): (RejectedTransfer & { at: Date })[] {
  return history.flatMap((entry) => (entry.type === 'transfer_rejected' ? [{ ...entry.data, at: entry.at }] : []));
}
