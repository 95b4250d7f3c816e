/** Flags captured charges that no payout holds after three business days. */
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { firstIdOf } from '../order/ids/order-id.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { businessDaysAgo } from '../shop-time.ts';
import type { UnpaidCharge } from './unpaid-charge-document.ts';

/** Nigeria pays out on the next business day; three leave room for a holiday. */
const BUSINESS_DAYS = 3;
/** Orders made longer ago were flagged, or were not, by an earlier run. */
const LOOK_BACK_MS = 45 * 24 * 3600_000;
const BATCH = 500;

export interface UnpaidScope {
  now: Date;
  /** Payouts are known from then on; charges paid earlier may be in one that is not. */
  since: Date;
  timeZone: string;
  /** Of our own key: only its charges can be in payouts that it lists. */
  domain: 'test' | 'live';
}

type Flagged = Pick<Order, '_id' | 'payments' | 'refunds' | 'disputes' | 'currency'>;
const FLAGGED = { payments: 1, refunds: 1, disputes: 1, currency: 1 } as const;

/** Flags and unflags; returns how many were flagged that were not before. May be repeated and raced. */
export async function flagUnpaidCharges(db: Database, scope: UnpaidScope): Promise<number> {
  await unflagSettled(db);
  const before = businessDaysAgo(scope.now, BUSINESS_DAYS, scope.timeZone);
  const earliest = new Date(Math.max(0, scope.now.getTime() - LOOK_BACK_MS));
  const orders = driverCollection(db.orders).find<Flagged>(
    {
      _id: { $gte: firstIdOf(earliest.getTime() / 1000), $lt: firstIdOf(Math.ceil(before.getTime() / 1000)) },
      'payments.status': 'succeeded',
    },
    { projection: FLAGGED, batchSize: BATCH, sort: { _id: 1 } },
  );
  let count = 0;
  let batch: UnpaidCharge[] = [];
  const flush = async () => {
    count += await flag(db, batch);
    batch = [];
  };
  for await (const order of orders) {
    batch.push(...unpaidOf(order, { ...scope, before }));
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return count;
}

/** The order's charges that a payout should hold by now. Pure. */
export function unpaidOf(
  order: Flagged,
  { since, before, domain }: Pick<UnpaidScope, 'since' | 'domain'> & { before: Date },
): UnpaidCharge[] {
  return order.payments.flatMap((attempt) => {
    const { reference, amount, currency = order.currency, paidAt } = attempt;
    if (!isHeld(order, attempt) || amount === undefined || paidAt === undefined) return [];
    if (attempt.domain !== domain || paidAt < since || paidAt >= before) return [];
    return [{ _id: reference, orderId: order._id, amount, currency, paidAt }];
  });
}

/** Nothing is to be paid out of a charge that has gone back. */
function isHeld(order: Flagged, attempt: PaymentAttempt): boolean {
  return attempt.status === 'succeeded' && returnedMoney(order, attempt).held > 0;
}

async function flag(db: Database, charges: readonly UnpaidCharge[]): Promise<number> {
  if (charges.length === 0) return 0;
  const paid = await findPaidOut(
    db,
    charges.map(({ _id }) => _id),
  );
  const unpaid = charges.filter(({ _id }) => !paid.has(_id));
  if (unpaid.length === 0) return 0;
  const { upsertedCount } = await driverCollection(db.unpaidCharges).bulkWrite(
    unpaid.map(({ _id, ...charge }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: charge }, upsert: true },
    })),
  );
  return upsertedCount;
}

/** Those of the references that some payout holds. */
async function findPaidOut(db: Database, references: readonly string[]): Promise<Set<string>> {
  const lines = await driverCollection(db.payoutLines)
    .find<{ reference: string }>({ reference: { $in: [...references] } }, { projection: { _id: 0, reference: 1 } })
    .toArray();
  return new Set(lines.map(({ reference }) => reference));
}

/** Deletes the flags of charges that are in a payout now, or have gone back. */
async function unflagSettled(db: Database): Promise<void> {
  const flags = driverCollection(db.unpaidCharges);
  let after = '';
  for (;;) {
    const batch = await flags.find({ _id: { $gt: after } }, { sort: { _id: 1 }, limit: BATCH }).toArray();
    const last = batch.at(-1);
    if (last === undefined) return;
    after = last._id;
    const paid = await findPaidOut(
      db,
      batch.map(({ _id }) => _id),
    );
    const orders = await driverCollection(db.orders)
      .find<Flagged>({ _id: { $in: batch.map(({ orderId }) => orderId) } }, { projection: FLAGGED })
      .toArray();
    const byId = new Map(orders.map((order) => [String(order._id), order]));
    const settled = batch.filter(({ _id, orderId }) => {
      const order = byId.get(String(orderId));
      const attempt = order && findAttempt(order, _id);
      return paid.has(_id) || !order || !attempt || !isHeld(order, attempt);
    });
    if (settled.length > 0) await flags.deleteMany({ _id: { $in: settled.map(({ _id }) => _id) } });
  }
}
