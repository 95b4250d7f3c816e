import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { withFailure } from '../job-failures.ts';
import { CHANGE_ATTEMPTS, pauseAfterLostRace } from './change-order.ts';
import type { HistoryEntry, HistoryEvent } from './history.ts';
import type { Order, SettlementState } from './order-document.ts';
import { getOrder } from './queries/find-order.ts';

/** A change of an order's place in the settlement queue. */
export interface SettlementChange {
  settlement: SettlementState;
  /** For the history; of a type that owes no email. */
  event?: HistoryEvent<'settlement_parked'>;
}

/**
 * Changes the order's place in the settlement queue and derives no other field. It therefore counts a failure even when the
 * document is too damaged for changeOrder. `decide` is as in changeOrder. Returns the changed order; null when `decide`
 * returned null or five races were lost. The next run then finds the order again.
 */
export async function changeSettlement(
  db: Database,
  orderId: Types.ObjectId,
  decide: (settlement: SettlementState) => SettlementChange | null,
  now: Date,
): Promise<Order | null> {
  for (let attempt = 1; attempt <= CHANGE_ATTEMPTS; attempt += 1) {
    const order = await getOrder(db, orderId);
    const change = decide(order.settlement);
    if (change === null) return null;
    const { settlement, event } = change;
    const { lastError: error } = settlement;
    const failure = { job: 'processOrderPayment', error: error ?? '' } as const;
    const failed = error === undefined ? {} : { failures: withFailure(order.failures, failure, now) };
    const version = order.version + 1;
    const statuses = { status: order.status, paymentStatus: order.paymentStatus };
    const entry: HistoryEntry | null =
      event === undefined ? null : { seq: version, at: now, actor: 'system', ...event, from: statuses, to: statuses };
    const { matchedCount } = await driverCollection(db.orders).updateOne(
      { _id: orderId, version: order.version },
      {
        $set: { settlement, ...failed },
        $inc: { version: 1 },
        ...(entry === null ? {} : { $push: { history: entry } }),
      },
    );
    const history = entry === null ? order.history : [...order.history, entry];
    if (matchedCount === 1) return { ...order, settlement, ...failed, version, history };
    await pauseAfterLostRace();
  }
  return null;
}
