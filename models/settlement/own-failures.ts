/** An order that fails alone backs off, is parked for staff after the eighth failure, and may be queued again by staff. */
import type { Types } from 'mongoose';
import { backOffMs, MAX_SETTLEMENT_FAILURES, SETTLEMENT_BACK_OFF } from '../backoff.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { changeSettlement, type SettlementChange } from '../order/change-settlement.ts';
import { assertHistoryHasRoom } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order, SettlementState } from '../order/order-document.ts';
import { queuedForSettlement } from './settlement-queue.ts';

/** Counts a failure against the order. Returns the order when it was parked, else null. */
export async function countFailure(
  db: Database,
  orderId: Types.ObjectId,
  error: unknown,
  at: Date,
): Promise<Order | null> {
  const lastError = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown error';
  const order = await changeSettlement(db, orderId, (settlement) => afterFailure(settlement, lastError, at), at);
  return order?.settlement.parkedAt === undefined ? null : order;
}

function afterFailure(settlement: SettlementState, lastError: string, at: Date): SettlementChange | null {
  if (settlement.queuedAt === undefined) return null;
  const attempts = settlement.attempts + 1;
  if (attempts >= MAX_SETTLEMENT_FAILURES) {
    return {
      settlement: { attempts, lastError, parkedAt: at },
      event: { type: 'settlement_parked', data: { cause: 'failed', attempts } },
    };
  }
  const retryAt = new Date(at.getTime() + backOffMs(SETTLEMENT_BACK_OFF, attempts - 1));
  return { settlement: { queuedAt: settlement.queuedAt, retryAt, attempts, lastError } };
}

/** Puts a parked or backing-off order back into the queue, at its own place. False when it is not paid and pending. */
export async function restoreSettlement(
  db: Database,
  orderId: Types.ObjectId,
  actor: Actor,
  now: Date,
): Promise<boolean> {
  const { changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      if (order.status !== 'pending' || order.paymentStatus !== 'paid') return null;
      assertHistoryHasRoom(order);
      return { set: queuedForSettlement(order, now), actor, event: { type: 'settlement_retried' } };
    },
    now,
  );
  return changed;
}
