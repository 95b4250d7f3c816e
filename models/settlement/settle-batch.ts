/**
 * One batch of the processOrderPayment transaction: the longest-waiting paid orders, all settled by one commit.
 * Idempotent by the compare-and-set on each order's version and status: run twice, at once, on two machines, it settles
 * each order once. Called by models/settlement/drain-settlements, which chooses the size and deals with failures.
 */

import mongoose, { type ClientSession, type Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { orderMovement } from '../catalogue/stock-movement.ts';
import type { Variant } from '../catalogue/variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { cancelChange } from '../fulfilment/fulfilment.ts';
import { newEmail } from '../messaging/email-document.ts';
import type { Order, OrderItem, Refund } from '../order/order-document.ts';
import { type OrderChange, type OrderState, toOrderWrite } from '../order/order-write.ts';
import { findAttempt, isDisputed } from '../order/payment-status.ts';
import { takeBoughtOutOfCarts } from './clear-carts.ts';
import { decideSettlement, type SettlementDecision } from './decide-settlement.ts';

/** Beyond this many writes a commit outlasts its deadline on a small machine. */
const MAX_WRITES = 4_000;
/** A transaction that takes longer holds up others who sell the same variants. */
const DEADLINE_MS = 3_000;

/** What settling needs to read of an order: its state and its lines' quantities, not its snapshots or history. */
export type PaidOrder = OrderState & { items: Pick<OrderItem, 'variantId' | 'quantity'>[] };

const PROJECTION = {
  history: 0,
  contactSnapshot: 0,
  shippingAddressSnapshot: 0,
  snapshotHash: 0,
  checkoutKey: 0,
  checkoutInputHash: 0,
  'items.productSnapshot': 0,
  'items.variantSnapshot': 0,
  'items.unitPrice': 0,
  'items.lineTotal': 0,
} as const;

/** `parked`: short of stock while a dispute of its charge stands, so that nothing may be given back yet. */
export type SettlementOutcome = 'confirmed' | 'cancelled' | 'parked';

export interface SettledBatch {
  /** As they were read, in the order they were settled; `paidAt` tells the lag. `refund`: what a cancelled one is owed. */
  settled: { order: PaidOrder; outcome: SettlementOutcome; refund: Refund | undefined }[];
  /** False when these were all that were due at the batch's snapshot. */
  moreDue: boolean;
}

/** The batch took too long; a smaller one may not. */
export class BatchTooSlowError extends Error {
  constructor() {
    super(`A settlement batch exceeded its deadline of ${DEADLINE_MS} ms.`);
    this.name = 'BatchTooSlowError';
  }
}

/** A count did not match what the snapshot promised; nothing was written. */
export class SettlementCountError extends Error {
  constructor(what: string, expected: number, matched: number) {
    super(`Settling: ${matched} of ${expected} ${what} matched.`);
    this.name = 'SettlementCountError';
  }
}

/** Orders that are due: paid, waiting, and not resting after a failure of their own. */
export function dueFilter(now: Date) {
  return {
    'settlement.queuedAt': { $exists: true },
    $or: [{ 'settlement.retryAt': { $exists: false } }, { 'settlement.retryAt': { $lte: now } }],
  };
}

const BY_ID = { _id: 1 } as const;

/** Place in the queue: by Paystack's time of payment, then by id. */
const DUE_ORDER = { 'settlement.queuedAt': 1, _id: 1 } as const;

export interface BatchOptions {
  /** At most so many orders. */
  limit: number;
  now: Date;
  /** Names the refund of an order that has to be cancelled; may be asked again for the same order. */
  refundIdFor: (order: PaidOrder) => string;
  /**
   * Writes the variants before anything is read. A snapshot is as old as the first read, and whatever others write between
   * that and our first write is a conflict; a variant that is written every few ms is only to be had like this. It costs
   * a query and a statement, so it is for when there was a conflict.
   */
  lockFirst: boolean;
  /** The orders that the batch is about to settle: who is at fault should it fail. Must not throw. */
  onRead?: (orders: readonly PaidOrder[]) => void;
}

/**
 * Settles the first `limit` due orders in one transaction, tried once: all of them or none. Zero settled means that none
 * is due. Throws database errors as they are, BatchTooSlowError, SettlementCountError; see models/settlement/drain-settlements for what follows.
 */
export async function settleBatch(
  db: Database,
  { limit, now, refundIdFor, lockFirst, onRead }: BatchOptions,
): Promise<SettledBatch> {
  const deadline = performance.now() + DEADLINE_MS;
  const assertWithinDeadline = () => {
    if (performance.now() > deadline) throw new BatchTooSlowError();
  };
  const wanted = lockFirst ? await findWantedVariants(db, limit, now) : [];
  return inTransaction(
    db,
    async (session) => {
      await lockVariants(db, wanted, session);
      const due = await readDue(db, limit, now, session);
      const orders = withinWriteLimit(due);
      onRead?.(orders);
      if (orders.length === 0) return { settled: [], moreDue: false };
      const stock = await readStock(db, orders, session);
      const decision = decideSettlement(orders.map(toDecide), stock);
      assertWithinDeadline();
      // The variants are written first: outsiders write them too, and a conflict found late costs the whole batch.
      await takeStock(db, decision, session);
      assertWithinDeadline();
      const settled = settle(orders, decision, now, refundIdFor);
      await writeOrders(db, settled, now, session);
      assertWithinDeadline();
      await writeCompanions(db, settled, now, session);
      assertWithinDeadline();
      return {
        settled: settled.map(({ order, outcome, change }) => {
          return { order, outcome, refund: change.set.refunds?.at(-1) };
        }),
        moreDue: due.length === limit || orders.length < due.length,
      };
    },
    { attempts: 1, deadlineMs: DEADLINE_MS },
  );
}

/** What the batch will probably sell: read outside of its transaction, so only good for taking it in advance. */
async function findWantedVariants(db: Database, limit: number, now: Date): Promise<Types.ObjectId[]> {
  const due = await db.orders
    .find(dueFilter(now), { 'items.variantId': 1 })
    .sort(DUE_ORDER)
    .limit(limit)
    .lean<{ items: Pick<OrderItem, 'variantId'>[] }[]>();
  return due.flatMap(({ items }) => items.map(({ variantId }) => variantId));
}

/** From here to the commit nobody else writes them. By the index on _id, hence in the order of their ids. */
async function lockVariants(db: Database, ids: Types.ObjectId[], session: ClientSession): Promise<void> {
  if (ids.length === 0) return;
  await driverCollection(db.variants).updateMany(
    { _id: { $in: ids } },
    { $inc: { lockCount: 1 } },
    { session, hint: BY_ID },
  );
}

async function readDue(db: Database, limit: number, now: Date, session: ClientSession): Promise<PaidOrder[]> {
  return db.orders
    .find(dueFilter(now), PROJECTION)
    .sort(DUE_ORDER)
    .limit(limit)
    .batchSize(limit + 1)
    .session(session)
    .lean<PaidOrder[]>();
}

/** The longest prefix whose writes stay within the limit; always at least one order. */
function withinWriteLimit(orders: PaidOrder[]): PaidOrder[] {
  const variants = new Set<string>();
  let ownWrites = 0;
  const end = orders.findIndex(({ items }) => {
    for (const { variantId } of items) variants.add(String(variantId));
    // The order, its email, its cart, and a ledger row per line.
    ownWrites += 3 + items.length;
    return ownWrites + variants.size > MAX_WRITES;
  });
  return end === -1 ? orders : orders.slice(0, Math.max(end, 1));
}

async function readStock(db: Database, orders: PaidOrder[], session: ClientSession): Promise<Map<string, number>> {
  const ids = new Map(orders.flatMap(({ items }) => items.map(({ variantId }) => [String(variantId), variantId])));
  const variants = await db.variants
    .find({ _id: { $in: [...ids.values()] } }, { stock: 1 })
    .batchSize(ids.size + 1)
    .session(session)
    .lean<Pick<Variant, '_id' | 'stock'>[]>();
  return new Map(variants.map(({ _id, stock }) => [String(_id), stock]));
}

function toDecide({ _id, reservation, items }: PaidOrder) {
  const lines = items.map(({ variantId, quantity }) => ({ variantId: String(variantId), quantity }));
  return { id: String(_id), reservation, lines };
}

/** Once each, ids sorted, each conditional on what the snapshot showed. */
async function takeStock(db: Database, { takes }: SettlementDecision, session: ClientSession): Promise<void> {
  if (takes.length === 0) return;
  const writes: mongoose.mongo.AnyBulkWriteOperation<Variant>[] = takes.map(
    ({ variantId, fromStock, fromReserved }) => ({
      updateOne: {
        filter: {
          _id: new mongoose.Types.ObjectId(variantId),
          ...(fromStock > 0 ? { stock: { $gte: fromStock } } : {}),
          ...(fromReserved > 0 ? { reserved: { $gte: fromReserved } } : {}),
        },
        update: {
          $inc: {
            ...(fromStock > 0 ? { stock: -fromStock } : {}),
            ...(fromReserved > 0 ? { reserved: -fromReserved } : {}),
          },
        },
      },
    }),
  );
  const { matchedCount } = await driverCollection(db.variants).bulkWrite(writes, { session, ordered: true });
  if (matchedCount !== takes.length) throw new SettlementCountError('variants', takes.length, matchedCount);
}

interface Settled {
  order: PaidOrder;
  outcome: SettlementOutcome;
  change: OrderChange;
}

function settle(
  orders: PaidOrder[],
  decision: SettlementDecision,
  now: Date,
  refundIdFor: (order: PaidOrder) => string,
): Settled[] {
  const confirmed = new Set(decision.confirmed);
  return orders.map((order) =>
    confirmed.has(String(order._id))
      ? { order, outcome: 'confirmed', change: confirmation() }
      : { order, ...withoutStock(order, now, refundIdFor(order)) },
  );
}

const SETTLED = { settlement: { attempts: 0 }, verifyDueAt: undefined } as const;

function confirmation(): OrderChange {
  return {
    set: { status: 'confirmed', reservation: 'committed', ...SETTLED },
    actor: 'system',
    reason: 'stock taken',
    emails: [{ kind: 'order_confirmed' }],
  };
}

/**
 * Short at the batch's snapshot: nothing is taken, and the order is cancelled by the rules for everybody. They let nothing
 * be given back while a dispute stands, so a disputed order is parked until models/fulfilment/fulfilment hears how that ended.
 */
function withoutStock(order: PaidOrder, now: Date, refundId: string): Pick<Settled, 'outcome' | 'change'> {
  const charge = order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
  if (!charge?.amount) throw new Error(`Order ${order._id} waits for settlement without a charge.`);
  if (!isDisputed(order, charge.reference)) {
    const request = { reason: 'short_stock', actor: 'system', refundId, now } as const;
    return { outcome: 'cancelled', change: cancelChange(order, request) };
  }
  const lastError = 'short of stock, and a dispute stands';
  const settlement = { attempts: order.settlement.attempts, lastError, parkedAt: now };
  return {
    outcome: 'parked',
    change: { set: { settlement }, actor: 'system', reason: `settlement parked: ${lastError}` },
  };
}

/**
 * One ordered bulk write; each order only if it is still the paid, pending one that was read. Orders of one version that
 * change alike, as those that are confirmed do, share a statement: parsing and planning one costs what a write does.
 */
async function writeOrders(db: Database, settled: Settled[], now: Date, session: ClientSession): Promise<void> {
  const statements = new Map<string, { ids: Types.ObjectId[]; version: number; update: object }>();
  for (const { order, change } of settled) {
    const { filter, update } = toOrderWrite(order, change, now);
    const key = JSON.stringify([filter.version, update]);
    const statement = statements.get(key) ?? { ids: [], version: filter.version, update };
    statement.ids.push(filter._id);
    statements.set(key, statement);
  }
  const writes: mongoose.mongo.AnyBulkWriteOperation<Order>[] = [...statements.values()].map(
    ({ ids, version, update }) => ({
      updateMany: {
        filter: { _id: { $in: ids }, version, status: 'pending', paymentStatus: 'paid' },
        update,
        // Never by the index on status, which these very writes move the orders along.
        hint: BY_ID,
      },
    }),
  );
  const { matchedCount } = await driverCollection(db.orders).bulkWrite(writes, { session, ordered: true });
  if (matchedCount !== settled.length) throw new SettlementCountError('orders', settled.length, matchedCount);
}

async function writeCompanions(db: Database, settled: Settled[], now: Date, session: ClientSession): Promise<void> {
  const confirmed = settled.filter(({ outcome }) => outcome === 'confirmed').map(({ order }) => order);
  const rows = confirmed.flatMap((order) =>
    quantitiesByVariant(order.items).map(({ variantId, quantity }) =>
      orderMovement('sale', order._id, variantId, quantity, 'system', now),
    ),
  );
  if (rows.length > 0) await driverCollection(db.stockMovements).insertMany(rows, { session });
  await takeBoughtOutOfCarts(db, confirmed, session);
  const emails = settled.flatMap(({ order, change }) =>
    (change.emails ?? []).map(({ kind, data }) => newEmail(order._id, kind, order.version + 1, data ?? {}, now)),
  );
  if (emails.length === 0) return;
  await driverCollection(db.emails).insertMany(emails, { session });
}
