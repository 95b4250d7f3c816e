/** Finds captured charges that no payout holds: counts them, and flags those that none holds after three business days. */
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { sum } from '../money.ts';
import { firstIdOf } from '../order/ids/order-id.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { businessDaysAgo } from '../shop-time.ts';
import type { AwaitedSum } from './awaited-payout.ts';
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

export interface UnpaidCharges {
  /** Flagged now, and not before. */
  flagged: number;
  /** Of all charges that no payout holds yet, old enough to be flagged or not. */
  awaited: AwaitedSum[];
}

/** Flags and unflags. May be repeated and raced. */
export async function findUnpaidCharges(db: Database, scope: UnpaidScope): Promise<UnpaidCharges> {
  const stillFlagged = await unflagSettled(db);
  const before = businessDaysAgo(scope.now, BUSINESS_DAYS, scope.timeZone);
  const first = firstIdOf(Math.max(0, scope.now.getTime() - LOOK_BACK_MS) / 1000);
  const orders = driverCollection(db.orders).find<Flagged>(
    { _id: { $gte: first }, 'payments.status': 'succeeded' },
    { projection: FLAGGED, batchSize: BATCH, sort: { _id: 1 } },
  );
  let flagged = 0;
  const awaited = new Map<string, AwaitedSum>();
  for (const charge of stillFlagged) if (String(charge.orderId) < String(first)) addTo(awaited, charge);
  let batch: HeldCharge[] = [];
  const flush = async () => {
    const unpaid = await withoutPaidOut(db, batch);
    batch = [];
    for (const charge of unpaid) addTo(awaited, charge);
    flagged += await flag(
      db,
      unpaid.filter(({ paidAt }) => paidAt < before),
    );
  };
  for await (const order of orders) {
    batch.push(...heldCharges(order, scope));
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return { flagged, awaited: [...awaited.values()] };
}

/** A charge of which Paystack still holds something. */
export interface HeldCharge extends UnpaidCharge {
  /** In subunits of `currency`; `amount` is what was captured. */
  held: number;
}

/** The order's charges that a payout holds, or will hold. Pure. */
export function heldCharges(order: Flagged, { since, domain }: Pick<UnpaidScope, 'since' | 'domain'>): HeldCharge[] {
  return order.payments.flatMap((attempt) => {
    const { reference, amount, currency = order.currency, paidAt } = attempt;
    const held = heldOf(order, attempt);
    if (held === 0 || amount === undefined || paidAt === undefined) return [];
    if (attempt.domain !== domain || paidAt < since) return [];
    return [{ _id: reference, orderId: order._id, amount, currency, paidAt, held }];
  });
}

/** Nothing is to be paid out of a charge that has gone back. */
function heldOf(order: Flagged, attempt: PaymentAttempt): number {
  return attempt.status === 'succeeded' ? returnedMoney(order, attempt).held : 0;
}

function addTo(sums: Map<string, AwaitedSum>, { currency, held }: HeldCharge): void {
  const { amount, charges } = sums.get(currency) ?? { amount: 0, charges: 0 };
  sums.set(currency, { currency, amount: sum([amount, held]), charges: charges + 1 });
}

async function withoutPaidOut(db: Database, charges: readonly HeldCharge[]): Promise<HeldCharge[]> {
  if (charges.length === 0) return [];
  const paid = await findPaidOut(
    db,
    charges.map(({ _id }) => _id),
  );
  return charges.filter(({ _id }) => !paid.has(_id));
}

async function flag(db: Database, charges: readonly HeldCharge[]): Promise<number> {
  if (charges.length === 0) return 0;
  const { upsertedCount } = await driverCollection(db.unpaidCharges).bulkWrite(
    charges.map(({ _id, orderId, amount, currency, paidAt }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { orderId, amount, currency, paidAt } }, upsert: true },
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

/** Deletes the flags of charges that are in a payout now, or have gone back. Returns the others. */
async function unflagSettled(db: Database): Promise<HeldCharge[]> {
  const flags = driverCollection(db.unpaidCharges);
  const kept: HeldCharge[] = [];
  let after = '';
  for (;;) {
    const batch = await flags.find({ _id: { $gt: after } }, { sort: { _id: 1 }, limit: BATCH }).toArray();
    const last = batch.at(-1);
    if (last === undefined) return kept;
    after = last._id;
    const orders = await driverCollection(db.orders)
      .find<Flagged>({ _id: { $in: batch.map(({ orderId }) => orderId) } }, { projection: FLAGGED })
      .toArray();
    const byId = new Map(orders.map((order) => [String(order._id), order]));
    const held = batch.map((flag) => {
      const order = byId.get(String(flag.orderId));
      const attempt = order && findAttempt(order, flag._id);
      return { ...flag, held: order && attempt ? heldOf(order, attempt) : 0 };
    });
    const open = await withoutPaidOut(
      db,
      held.filter((charge) => charge.held > 0),
    );
    kept.push(...open);
    const isOpen = new Set(open.map(({ _id }) => _id));
    const settled = batch.filter(({ _id }) => !isOpen.has(_id));
    if (settled.length > 0) await flags.deleteMany({ _id: { $in: settled.map(({ _id }) => _id) } });
  }
}
