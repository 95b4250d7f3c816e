/**
 * The digest of new orders to staff. An order is new when its confirmation has left the outbox, sent or parked: the outbox
 * has indexes of both, and settling writes nothing more. The checkpoint says until when orders were reported.
 */
import type { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import type { Order } from '../../order/order-document.ts';
import type { Email } from '../email-document.ts';
import { type StaffEmailData, staffEmailData } from '../staff-email.ts';

const CHECKPOINT = 'digest:new_orders';
/** Codes in one email; the others are counted. */
const SHOWN = 10;
/** Orders that one email counts; the rest is reported by the next. */
const MOST = 1_000;
/** A mark "sent" is stored within this time of its instant, so that none comes behind the checkpoint. */
const SETTLED_MS = 30_000;

export interface DigestState {
  /** Digests so far. */
  n: number;
  /** Of the last digest; unset before the first. */
  at?: Date;
  /** Confirmations until here were reported. */
  until: Date;
}

/** Where the digests stand. The first call begins now: older orders are not reported. */
export async function readDigestState(db: Database, now: Date): Promise<DigestState> {
  const begun = { n: 0, until: now };
  const checkpoint = await db.checkpoints.findOneAndUpdate(
    { _id: CHECKPOINT },
    { $setOnInsert: { digest: begun } },
    { upsert: true, returnDocument: 'after', lean: true },
  );
  return checkpoint?.digest ?? begun;
}

/** The orders that are new since the last digest; null for none. */
export async function findNewOrders(
  db: Database,
  { until: from }: DigestState,
  now: Date,
): Promise<StaffEmailData['new_orders'] | null> {
  const upTo = new Date(now.getTime() - SETTLED_MS);
  if (upTo <= from) return null;
  const [sent, parked] = await Promise.all([left(db, 'sentAt', from, upTo), left(db, 'parkedAt', from, upTo)]);
  const all = [...sent, ...parked].sort((a, b) => a.at.getTime() - b.at.getTime());
  if (all.length === 0) return null;
  // Whole instants only, so that the next digest begins behind one.
  const last = all.length > MOST ? all[MOST - 1]?.at : undefined;
  const until = last ?? upTo;
  const ids = all.filter(({ at }) => at <= until).map(({ orderId }) => orderId);
  const orders = await driverCollection(db.orders)
    .find<Pick<Order, '_id' | 'code' | 'total' | 'currency' | 'items'>>(
      { _id: { $in: ids } },
      { projection: { code: 1, total: 1, currency: 1, 'items.quantity': 1 }, sort: { _id: 1 } },
    )
    .toArray();
  if (orders.length === 0) return null;
  const sums = new Map<Order['currency'], number>();
  for (const { currency, total } of orders) sums.set(currency, (sums.get(currency) ?? 0) + total);
  return {
    orders: orders.slice(0, SHOWN).map(({ _id, code, total, currency, items }) => ({
      orderId: String(_id),
      code,
      units: items.reduce((sum, { quantity }) => sum + quantity, 0),
      amount: total,
      currency,
    })),
    count: orders.length,
    more: last !== undefined,
    sums: [...sums].map(([currency, amount]) => ({ currency, amount })),
    until,
  };
}

/** Confirmations that left the outbox for the first time in (from, upTo]. A scan of a partial index. */
async function left(
  db: Database,
  field: 'sentAt' | 'parkedAt',
  from: Date,
  upTo: Date,
): Promise<{ orderId: Types.ObjectId; at: Date }[]> {
  const emails = await driverCollection(db.emails)
    .find<Pick<Email, 'orderId' | 'sentAt' | 'parkedAt'>>(
      {
        [field]: { $gt: from, $lte: upTo },
        kind: 'order_confirmed',
        requeuedAt: { $exists: false },
        // It was reported when it was sent.
        undelivered: { $exists: false },
      },
      { projection: { orderId: 1, [field]: 1 }, sort: { [field]: 1 }, limit: MOST + 1 },
    )
    .toArray();
  return emails.flatMap(({ orderId, ...email }) => {
    const at = email[field];
    return at === undefined ? [] : [{ orderId, at }];
  });
}

/** Moves the checkpoint behind digest `n`, whose email is in the outbox. May be repeated and raced. */
export async function markDigestQueued(db: Database, n: number, now: Date): Promise<void> {
  const data = await staffEmailData(db, 'new_orders', String(n));
  if (data === null) return;
  await db.checkpoints.updateOne(
    { _id: CHECKPOINT, 'digest.n': n - 1 },
    { $set: { digest: { n, at: now, until: data.until } } },
  );
}

/** Moves the checkpoint over a time without new orders, so that the next scan is short. */
export async function skipTo(db: Database, { n, until }: DigestState, now: Date): Promise<void> {
  const upTo = new Date(now.getTime() - SETTLED_MS);
  if (upTo <= until) return;
  await db.checkpoints.updateOne(
    { _id: CHECKPOINT, 'digest.n': n, 'digest.until': until },
    { $set: { 'digest.until': upTo } },
  );
}
