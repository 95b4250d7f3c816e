/**
 * A work loop that fails on one order counts the failure on that order alone, and goes on with the others. The update is
 * guarded by the version and derives no field from the order, so a document too damaged for changeOrder is counted too.
 */
import type { Types } from 'mongoose';
import {
  type BackOff,
  backOffMs,
  MAX_OWN_FAILURES,
  REFUND_BACK_OFF,
  SETTLEMENT_BACK_OFF,
  VERIFY_BACK_OFF,
} from '../../backoff.ts';
import type { StuckLoop } from '../../contract/statuses.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { describeError, type JobFailure, withFailure } from '../../job-failures.ts';
import { CHANGE_ATTEMPTS, changeOrder, pauseAfterLostRace } from '../change-order.ts';
import { type HistoryEntry, type HistoryEvent, MAX_HISTORY } from '../history.ts';
import type { Order, StuckState } from '../order-document.ts';
import type { OrderChange } from '../order-write.ts';
import { findOrder } from '../queries/find-order.ts';
import { hasKnownShape } from '../shape.ts';
import { withoutLoop } from './parked-loops.ts';

export type OrderLoop = StuckLoop | 'settlement';

export interface OwnFailure {
  /** The order with its new fields. */
  order: Order;
  attempts: number;
  /** True from the eighth failure on: no further attempt follows before staff act. */
  parked: boolean;
}

/** The fields that count one failure; null when the loop has no work left on this order. */
type Count = (order: Order, failure: FailureNow) => Counted | null;

interface FailureNow {
  lastError: string;
  at: Date;
}

interface Counted {
  attempts: number;
  parked: boolean;
  set: Partial<Order>;
  unset?: readonly (keyof Order)[];
  event?: HistoryEvent<'settlement_parked'>;
}

const LOOPS: Record<OrderLoop, { job: JobFailure['job']; count: Count }> = {
  settlement: { job: 'processOrderPayment', count: countOfSettlement },
  refunds: { job: 'processRefunds', count: countWithScalar('refunds', 'refundDueAt', REFUND_BACK_OFF) },
  verifies: { job: 'sweep', count: countWithScalar('verifies', 'verifyDueAt', VERIFY_BACK_OFF) },
  returns: { job: 'processDisputes', count: countWithScalar('returns', 'disputeDueAt', VERIFY_BACK_OFF) },
  // The inbox event has the back-off; the order only shows what is parked.
  webhooks: { job: 'sweep', count: parkWebhooks },
};

/**
 * Counts a failure of `loop` against the order. The back-off moves the loop's scalar on; the eighth failure unsets it and
 * parks the order. Null when the order or its work is gone, and for a higher shape. Null also after five lost races: the
 * next run finds the order again.
 */
export async function countOwnFailure(
  db: Database,
  orderId: Types.ObjectId,
  loop: OrderLoop,
  error: unknown,
  at: Date,
): Promise<OwnFailure | null> {
  const lastError = describeError(error);
  const { job, count } = LOOPS[loop];
  for (let attempt = 1; attempt <= CHANGE_ATTEMPTS; attempt += 1) {
    const order = await findOrder(db, orderId);
    const counted = order && hasKnownShape(order) ? count(order, { lastError, at }) : null;
    if (!order || !counted) return null;
    const { attempts, parked, unset = [] } = counted;
    const set = { ...counted.set, failures: withFailure(order.failures, { job, error: lastError }, at) };
    const entry = entryOf(order, counted.event, at);
    const { matchedCount } = await driverCollection(db.orders).updateOne(
      { _id: orderId, version: order.version },
      {
        $set: set,
        ...(unset.length === 0 ? {} : { $unset: Object.fromEntries(unset.map((field) => [field, 1 as const])) }),
        $inc: { version: 1 },
        ...(entry === null ? {} : { $push: { history: entry } }),
      },
    );
    const history = entry === null ? order.history : [...order.history, entry];
    if (matchedCount === 1)
      return { order: { ...order, ...set, version: order.version + 1, history }, attempts, parked };
    await pauseAfterLostRace();
  }
  return null;
}

/** After a success: the next failure of this loop counts from one again. Does nothing for an order without failures. */
export async function clearOwnFailures(db: Database, order: Order, loop: StuckLoop, now: Date): Promise<void> {
  if (order.stuck?.[loop] === undefined) return;
  const decide = (fresh: Order): OrderChange | null =>
    fresh.stuck?.[loop] === undefined ? null : { set: { stuck: withoutLoop(fresh, loop) }, actor: 'system' };
  await changeOrder(db, order._id, decide, now);
}

/** The statuses as they are stored. Null also for a history that takes no entry, which must not keep a failure uncounted. */
function entryOf(order: Order, event: Counted['event'], at: Date): HistoryEntry | null {
  if (event === undefined || !Array.isArray(order.history) || order.history.length >= MAX_HISTORY) return null;
  const statuses = { status: order.status, paymentStatus: order.paymentStatus };
  return { seq: order.version + 1, at, actor: 'system', ...event, from: statuses, to: statuses };
}

/** The order keeps its place in the queue. */
function countOfSettlement({ settlement }: Order, { lastError, at }: FailureNow): Counted | null {
  if (settlement.queuedAt === undefined) return null;
  const attempts = settlement.attempts + 1;
  const parked = attempts >= MAX_OWN_FAILURES;
  const later = parked
    ? { parkedAt: at }
    : { queuedAt: settlement.queuedAt, retryAt: afterBackOff(SETTLEMENT_BACK_OFF, attempts, at) };
  const event = { type: 'settlement_parked', data: { cause: 'failed', attempts } } as const;
  return { attempts, parked, set: { settlement: { ...later, attempts, lastError } }, ...(parked ? { event } : {}) };
}

function countWithScalar(
  loop: 'refunds' | 'verifies' | 'returns',
  scalar: 'refundDueAt' | 'verifyDueAt' | 'disputeDueAt',
  backOff: BackOff,
): Count {
  return (order, { lastError, at }) => {
    const dueAt = order[scalar];
    if (dueAt === undefined) return null;
    const attempts = (order.stuck?.[loop]?.attempts ?? 0) + 1;
    if (attempts >= MAX_OWN_FAILURES)
      return { attempts, parked: true, set: parkedFields(order, loop, attempts, { lastError, at }), unset: [scalar] };
    const retryAt = afterBackOff(backOff, attempts, at);
    // A claim must end first: the time of the refund, or of the dispute, lies behind this scalar.
    const next = loop !== 'verifies' && dueAt > retryAt ? dueAt : retryAt;
    const stuck = { ...order.stuck, [loop]: { attempts, lastError, retryAt } };
    return { attempts, parked: false, set: { stuck, [scalar]: next } };
  };
}

function parkWebhooks(order: Order, failure: FailureNow): Counted {
  return { attempts: MAX_OWN_FAILURES, parked: true, set: parkedFields(order, 'webhooks', MAX_OWN_FAILURES, failure) };
}

function parkedFields(
  order: Order,
  loop: StuckLoop,
  attempts: number,
  { lastError, at }: FailureNow,
): Pick<Order, 'stuck' | 'stuckSince'> {
  const state: StuckState = { attempts, lastError, parkedAt: at };
  return { stuck: { ...order.stuck, [loop]: state }, stuckSince: order.stuckSince ?? at };
}

function afterBackOff(backOff: BackOff, attempts: number, at: Date): Date {
  return new Date(at.getTime() + backOffMs(backOff, attempts - 1));
}
