/** The writes of a settlement batch, each checked by the count of documents that it matched. */
import mongoose, { type ClientSession, type Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { orderMovement } from '../catalogue/stock-movement.ts';
import type { Variant } from '../catalogue/variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { emailOwedBy } from '../messaging/email-of-type.ts';
import { claimNew } from '../messaging/email-outbox.ts';
import type { Order } from '../order/order-document.ts';
import { toOrderWrite } from '../order/order-write.ts';
import { takeBoughtOutOfCarts } from './clear-carts.ts';
import type { SettlementDecision } from './decide-settlement.ts';
import { groupTakes, type TakeGroup } from './group-takes.ts';
import type { SettledOrder } from './settlement-changes.ts';

/** Hints the index on _id. */
export const BY_ID = { _id: 1 } as const;

/** A write matched fewer documents than the snapshot promised; the transaction aborts. */
export class SettlementCountError extends Error {
  constructor(documents: string, expected: number, matched: number) {
    super(`Settling: ${matched} of ${expected} ${documents} matched.`);
    this.name = 'SettlementCountError';
  }
}

type Statements<T extends mongoose.mongo.Document> = mongoose.mongo.AnyBulkWriteOperation<T>[];

/** One conditional update per group of variants that give up the same units. Throws SettlementCountError. */
export async function takeStock(db: Database, { takes }: SettlementDecision, session: ClientSession): Promise<void> {
  if (takes.length === 0) return;
  const statements = groupTakes(takes).map(toTakeStatement);
  const { matchedCount } = await driverCollection(db.variants).bulkWrite(statements, { session, ordered: true });
  if (matchedCount !== takes.length) throw new SettlementCountError('variants', takes.length, matchedCount);
}

function toTakeStatement({ variantIds, fromStock, fromReserved }: TakeGroup): Statements<Variant>[number] {
  return {
    updateMany: {
      filter: {
        _id: { $in: variantIds.map((id) => new mongoose.Types.ObjectId(id)) },
        ...(fromStock > 0 ? { stock: { $gte: fromStock } } : {}),
        ...(fromReserved > 0 ? { reserved: { $gte: fromReserved } } : {}),
      },
      update: {
        $inc: {
          ...(fromStock > 0 ? { stock: -fromStock } : {}),
          ...(fromReserved > 0 ? { reserved: -fromReserved } : {}),
        },
      },
      hint: BY_ID,
    },
  };
}

/** One ordered bulk write, under a compare-and-set on version, status and paymentStatus. Throws SettlementCountError. */
export async function writeOrders(
  db: Database,
  { statements, count }: { statements: Statements<Order>; count: number },
  session: ClientSession,
): Promise<void> {
  const { matchedCount } = await driverCollection(db.orders).bulkWrite(statements, { session, ordered: true });
  if (matchedCount !== count) throw new SettlementCountError('orders', count, matchedCount);
}

/**
 * Orders of one version with equal updates share a statement, because parsing and planning one costs as much as a write.
 * Pure.
 */
export function toOrderStatements(settled: readonly SettledOrder[], now: Date): Statements<Order> {
  const groups = new Map<string, { ids: Types.ObjectId[]; version: number; update: object }>();
  for (const { order, change } of settled) {
    const { filter, update } = toOrderWrite(order, change, now);
    const key = JSON.stringify([filter.version, update]);
    const group = groups.get(key) ?? { ids: [], version: filter.version, update };
    group.ids.push(filter._id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ids, version, update }) => ({
    updateMany: {
      filter: { _id: { $in: ids }, version, status: 'pending', paymentStatus: 'paid' },
      update,
      // The index on status would be scanned while these very writes move the orders along it.
      hint: BY_ID,
    },
  }));
}

/** The ledger rows, cleared carts and emails that belong to the orders' changes. */
export async function writeCompanions(
  db: Database,
  { movements, purchases, emails }: Companions,
  session: ClientSession,
): Promise<void> {
  if (movements.length > 0) await driverCollection(db.stockMovements).insertMany(movements, { session });
  await takeBoughtOutOfCarts(db, purchases, session);
  if (emails.length > 0) await driverCollection(db.emails).insertMany(emails, { session });
}

export type Companions = ReturnType<typeof toCompanions>;

/** The first emails of a batch are claimed for a sender in this process. */
export interface EmailClaims {
  /** Unique per batch. */
  claimant: string;
  limit: number;
}

/** Pure. */
export function toCompanions(settled: readonly SettledOrder[], now: Date, claims?: EmailClaims) {
  const purchases = settled
    .filter(({ outcome }) => outcome === 'confirmed')
    .map(({ order: { _id, userId, items } }) => ({ _id, userId, items: quantitiesByVariant(items) }));
  const emails = settled.flatMap(({ order, change }) => {
    const owed = change.event && emailOwedBy(order._id, { ...change.event, seq: order.version + 1 }, now);
    return owed ? [owed] : [];
  });
  const { claimant = '', limit = 0 } = claims ?? {};
  const claimed = emails.slice(0, limit).map((email) => claimNew(email, claimant, now));
  return {
    purchases,
    movements: purchases.map(({ _id, items }) => orderMovement('sale', _id, items, 'system', now)),
    claimed,
    emails: [...claimed, ...emails.slice(limit)],
  };
}
