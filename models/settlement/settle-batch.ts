/**
 * One batch of the processOrderPayment transaction: the longest-waiting paid orders, all settled by one commit.
 * Idempotent by the compare-and-set on each order's version and status: repeated or raced, it settles each order once.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClientSession, Types } from 'mongoose';
import type { Variant } from '../catalogue/variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import { inTransaction } from '../db/transaction.ts';
import { DEADLINES } from '../deadlines.ts';
import type { ClaimedEmail } from '../messaging/email-outbox.ts';
import type { OrderItem, Refund } from '../order/order-document.ts';
import { decideSettlement } from './decide-settlement.ts';
import { type PaidOrder, type SettlementOutcome, toSettledOrders } from './settlement-changes.ts';
import { dueFilter, QUEUE_ORDER } from './settlement-queue.ts';
import {
  BY_ID,
  type EmailClaims,
  takeStock,
  toCompanions,
  toOrderStatements,
  writeCompanions,
  writeOrders,
} from './settlement-writes.ts';
import { withinWriteLimit } from './write-limit.ts';

/** An inclusion list, so that new fields of orders do not make the batch's read larger. */
export const SETTLEMENT_PROJECTION: Record<
  Exclude<keyof PaidOrder, 'items'> | `items.${keyof PaidOrder['items'][number]}`,
  1
> = {
  _id: 1,
  version: 1,
  status: 1,
  userId: 1,
  currency: 1,
  'items.variantId': 1,
  'items.quantity': 1,
  payments: 1,
  refunds: 1,
  shipments: 1,
  disputes: 1,
  paidReference: 1,
  paymentStatus: 1,
  reservation: 1,
  settlement: 1,
  failures: 1,
  reviewSince: 1,
  refundDueAt: 1,
  disputeDueAt: 1,
  disputeAnswerBy: 1,
  excessSince: 1,
  refundAttentionSince: 1,
  stuck: 1,
  stuckSince: 1,
};

export interface SettledBatch {
  /** In the order they were settled, each as it was read. `refund`: what a cancelled one is owed. */
  settled: { order: PaidOrder; outcome: SettlementOutcome; refund: Refund | undefined }[];
  /** The emails that the batch claimed for a sender in this process; the others wait for any sender. */
  claimed: ClaimedEmail[];
  areEmailsWaiting: boolean;
  /** False when these were all that were due at the batch's snapshot. */
  moreDue: boolean;
}

const NOTHING_DUE: SettledBatch = { settled: [], claimed: [], areEmailsWaiting: false, moreDue: false };

/** The head of the queue. */
export interface DueOrders {
  orders: PaidOrder[];
  /** Their number is the limit. */
  mayBeMore: boolean;
}

/** The batch took too long; a smaller one may not. */
export class BatchTooSlowError extends Error {
  constructor() {
    super(`A settlement batch exceeded its deadline of ${DEADLINES.transaction} ms.`);
    this.name = 'BatchTooSlowError';
  }
}

export interface BatchOptions {
  /** At most so many orders. */
  limit: number;
  now: Date;
  /** Names the refund of an order that has to be cancelled; may be called again for the same order. */
  refundIdFor: (order: PaidOrder) => string;
  /**
   * Locks the variants (a dummy `$inc`) before reading, so that a variant updated every few ms cannot conflict. One extra
   * query and statement; used only after a first conflict.
   */
  lockFirst: boolean;
  /** Orders to leave alone. */
  except?: readonly Types.ObjectId[];
  /** Emails to claim; none when missing. */
  emailClaims?: EmailClaims | undefined;
  /** The answer of readDueAhead for this batch. Without it the orders are read inside the transaction. */
  ahead?: DueOrders | undefined;
  /** The orders that the batch is about to settle, and whether others are due after them. Must not throw. */
  onRead?: (orders: readonly PaidOrder[], moreDue: boolean) => void;
}

/**
 * The first `limit` due orders, for the next batch: the server and this process work on them while the batch before
 * commits. An order that changes afterwards fails the next batch's compare-and-set.
 */
export function readDueAhead(
  db: Database,
  { limit, now, except }: { limit: number; now: Date; except: readonly Types.ObjectId[] },
): Promise<DueOrders> {
  return readDue(db, limit, dueFilter(now, except));
}

/**
 * Settles the first `limit` due orders in one transaction, tried once: all of them or none. Zero settled means that none
 * is due. Throws database errors as they are, BatchTooSlowError, SettlementCountError.
 */
export async function settleBatch(
  db: Database,
  { limit, now, refundIdFor, lockFirst, except = [], emailClaims, ahead, onRead }: BatchOptions,
): Promise<SettledBatch> {
  const deadline = performance.now() + DEADLINES.transaction;
  const assertWithinDeadline = () => {
    if (performance.now() > deadline) throw new BatchTooSlowError();
  };
  const isDue = dueFilter(now, except);
  const variantIds = lockFirst ? await findDueVariants(db, limit, isDue) : [];
  return inTransaction(
    db,
    async (session) => {
      await lockVariants(db, variantIds, session);
      const due = ahead ?? (await readDue(db, limit, isDue, session));
      const orders = withinWriteLimit(due.orders);
      const moreDue = due.mayBeMore || orders.length < due.orders.length;
      onRead?.(orders, moreDue);
      if (orders.length === 0) return NOTHING_DUE;
      const stock = await readStock(db, orders, session);
      const decision = decideSettlement(orders.map(toDecide), stock);
      assertWithinDeadline();
      // The variants are written first: other writers update them too, and a late conflict costs the whole batch.
      const { settled, statements } = await meanwhile(takeStock(db, decision, session), () => {
        const settled = toSettledOrders(orders, decision, now, refundIdFor);
        return { settled, statements: toOrderStatements(settled, now) };
      });
      assertWithinDeadline();
      const writing = writeOrders(db, { statements, count: settled.length }, session);
      const companions = await meanwhile(writing, () => toCompanions(settled, now, emailClaims));
      assertWithinDeadline();
      await writeCompanions(db, companions, session);
      assertWithinDeadline();
      return {
        settled: settled.map(({ order, outcome, change }) => {
          return { order, outcome, refund: change.set.refunds?.at(-1) };
        }),
        claimed: companions.claimed,
        areEmailsWaiting: companions.emails.length > companions.claimed.length,
        moreDue,
      };
    },
    { attempts: 1, deadlineMs: DEADLINES.transaction },
  );
}

/** Runs `prepare` while the server executes the statements of `sent`; throws what either throws. */
async function meanwhile<T>(sent: Promise<void>, prepare: () => T): Promise<T> {
  // Rejected before it is awaited below, it would end the process.
  sent.catch(() => undefined);
  // The driver writes to the socket within this turn of the event loop.
  await nextTurn();
  try {
    return prepare();
  } finally {
    await sent;
  }
}

type DueFilter = ReturnType<typeof dueFilter>;

/** The variants of the due orders, read outside of the transaction: an estimate, good only for locking in advance. */
async function findDueVariants(db: Database, limit: number, isDue: DueFilter): Promise<Types.ObjectId[]> {
  const due = await driverCollection(db.orders)
    .find<{ items: Pick<OrderItem, 'variantId'>[] }>(isDue, {
      projection: { 'items.variantId': 1 },
      sort: QUEUE_ORDER,
      limit,
    })
    .toArray();
  return due.flatMap(({ items }) => items.map(({ variantId }) => variantId));
}

/** No other writer can change them until the commit. By the index on _id, hence in the order of their ids. */
async function lockVariants(db: Database, ids: Types.ObjectId[], session: ClientSession): Promise<void> {
  if (ids.length === 0) return;
  await driverCollection(db.variants).updateMany(
    { _id: { $in: ids } },
    { $inc: { lockCount: 1 } },
    { session, hint: BY_ID },
  );
}

async function readDue(db: Database, limit: number, isDue: DueFilter, session?: ClientSession): Promise<DueOrders> {
  // A transaction reads its own snapshot. Outside of one, the order must not be of a version that a failover takes back.
  const reading = session ? { session } : READ_MAJORITY;
  const options = { projection: SETTLEMENT_PROJECTION, sort: QUEUE_ORDER, limit, batchSize: limit + 1, ...reading };
  const orders = await driverCollection(db.orders).find<PaidOrder>(isDue, options).toArray();
  return { orders, mayBeMore: orders.length === limit };
}

async function readStock(db: Database, orders: PaidOrder[], session: ClientSession): Promise<Map<string, number>> {
  const ids = new Map(orders.flatMap(({ items }) => items.map(({ variantId }) => [String(variantId), variantId])));
  const options = { projection: { stock: 1 }, batchSize: ids.size + 1, session };
  const variants = await driverCollection(db.variants)
    .find<Pick<Variant, '_id' | 'stock'>>({ _id: { $in: [...ids.values()] } }, options)
    .toArray();
  return new Map(variants.map(({ _id, stock }) => [String(_id), stock]));
}

function toDecide({ _id, reservation, items }: PaidOrder) {
  const lines = items.map(({ variantId, quantity }) => ({ variantId: String(variantId), quantity }));
  return { id: String(_id), reservation, lines };
}
