/**
 * The Order aggregate's reads and its one guarded update. A change is decided by a pure function of a fresh read and
 * written only if the version is still the one that was read, together with its history entry and with what belongs to
 * it (emails, stock), all or nothing. Who loses a race reads again and decides again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import mongoose, { type ClientSession, Types } from 'mongoose';
import { orderMovement } from '../catalogue/stock-movement.ts';
import { CommitOutcomeUnknownError, driverCollection, inTransaction } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { AppError, notFound } from '../errors.ts';
import { type JobFailure, withFailure } from '../job-failures.ts';
import { type EmailData, type EmailKind, newEmail } from '../messaging/email-outbox.ts';
import { getOrder } from './find-order.ts';
import type { HistoryEntry, MutableOrderField, Order, SettlementState } from './order-document.ts';
import {
  derivePaymentStatus,
  deriveRefundAttentionSince,
  deriveRefundDueAt,
  deriveReviewSince,
} from './payment-status.ts';
import { canAttemptGo, canOrderGo, canRefundGo } from './status.ts';

/** How often a change is decided anew after losing a race. */
const CHANGE_ATTEMPTS = 5;
/** Losers wait a random part of this, so that they do not meet again, in ms. */
const RACE_PAUSE_MS = 20;

/** What an order's state is, without what never changes: all that deciding and writing a change need. */
export type OrderState = Omit<
  Order,
  | 'items'
  | 'history'
  | 'contactSnapshot'
  | 'shippingAddressSnapshot'
  | 'snapshotHash'
  | 'checkoutKey'
  | 'checkoutInputHash'
>;

/** Units moved in one variant for an order: released from its hold, or put back into stock. */
export interface StockReturn {
  variantId: Types.ObjectId;
  quantity: number;
  /** `release`: reserved → stock. `restock`: sold → stock, with a ledger row. */
  as: 'release' | 'restock';
}

/** A decided change. A field given as undefined is removed. */
export interface OrderChange {
  set: { [Field in MutableOrderField]?: Order[Field] | undefined };
  /** 'system', 'customer', or a staff member's user id. */
  actor: string;
  /** Why, for the history. Left out for book-keeping that changes neither status nor money. */
  reason?: string;
  /** Owed because of this change; queued in the same commit. */
  emails?: { kind: EmailKind; data?: EmailData }[];
  stock?: StockReturn[];
  /** What went wrong in a job, to be told in the timeline. */
  failure?: Pick<JobFailure, 'job' | 'error'>;
}

export interface OrderWrite<State extends OrderState = OrderState> {
  filter: { _id: Types.ObjectId; version: number };
  update: {
    $set: Record<string, unknown>;
    $unset?: Record<string, 1>;
    $inc: { version: 1 };
    $push?: Record<string, unknown>;
  };
  after: State;
}

/**
 * The guarded write of a change, from the state it was decided on. Pure. Derived fields follow by themselves.
 * Throws a plain Error for a change that the transition tables do not allow: that is a bug of the caller.
 */
export function toOrderWrite<State extends OrderState>(
  order: State,
  change: OrderChange,
  now: Date,
): OrderWrite<State> {
  const noted = change.failure === undefined ? {} : { failures: withFailure(order.failures, change.failure, now) };
  const changed: State = { ...order, ...change.set, ...noted, version: order.version + 1 };
  const derived = {
    paymentStatus: derivePaymentStatus(changed),
    reviewSince: deriveReviewSince(changed),
    refundDueAt: deriveRefundDueAt(changed),
    refundAttentionSince: deriveRefundAttentionSince(changed),
  };
  const after: State = { ...changed, ...derived };
  assertAllowed(order, after);

  const $set: Record<string, unknown> = {};
  const $unset: Record<string, 1> = {};
  for (const [field, value] of Object.entries({ ...change.set, ...noted, ...derived })) {
    if (value !== undefined) $set[field] = value;
    else $unset[field] = 1;
  }
  const entry = historyEntry(order, after, change, now);
  return {
    filter: { _id: order._id, version: order.version },
    update: {
      $set,
      ...(Object.keys($unset).length > 0 ? { $unset } : {}),
      $inc: { version: 1 },
      ...(entry === null ? {} : { $push: { history: entry } }),
    },
    after,
  };
}

function historyEntry(before: OrderState, after: OrderState, change: OrderChange, now: Date): HistoryEntry | null {
  const standing = ({ status, paymentStatus }: OrderState) => ({ status, paymentStatus });
  if (change.reason === undefined) {
    if (before.status === after.status && before.paymentStatus === after.paymentStatus) return null;
    throw new Error(`Order ${before._id}: a change of status or money needs a reason for the history.`);
  }
  const { actor, reason } = change;
  return { seq: after.version, at: now, actor, from: standing(before), to: standing(after), reason };
}

/** Both sides of every change are held against the transition tables; nothing that was recorded may disappear. */
function assertAllowed(before: OrderState, after: OrderState): void {
  const check = (what: string, from: string, to: string | undefined, allowed: boolean) => {
    if (from !== to && !allowed)
      throw new Error(`Order ${before._id}: ${what} cannot go from ${from} to ${to ?? 'nothing'}.`);
  };
  check('the order', before.status, after.status, canOrderGo(before.status, after.status));
  for (const { reference, status } of before.payments) {
    const next = after.payments.find((attempt) => attempt.reference === reference)?.status;
    check(`payment ${reference}`, status, next, next !== undefined && canAttemptGo(status, next));
  }
  for (const { refundId, state } of before.refunds) {
    const next = after.refunds.find((refund) => refund.refundId === refundId)?.state;
    check(`refund ${refundId}`, state, next, next !== undefined && canRefundGo(state, next));
  }
}

export interface ChangeResult {
  /** The order as it stands now. */
  order: Order;
  /** False when `decide` found nothing to do. */
  changed: boolean;
}

/**
 * Reads the order, lets `decide` say what is to change, and writes that if nobody was faster; else again, at most five
 * times. `decide` must be pure: it may run several times; it returns null when nothing is to be done and may throw an
 * AppError to refuse. May be raced by anything. Throws NOT_FOUND, what `decide` throws, or OVERLOADED.
 * `known`, the order as it was read before, saves the first reading: a write that its version lets through was decided
 * on the truth. That nothing is to be done is only believed of a reading of our own.
 */
export async function changeOrder(
  db: Database,
  orderId: Types.ObjectId,
  decide: (order: Order) => OrderChange | null,
  now: Date,
  known: Order | null = null,
): Promise<ChangeResult> {
  if (known !== null) {
    const result = await tryChange(db, known, decide, now);
    if (result?.changed) return result;
  }
  for (let attempt = 1; attempt <= CHANGE_ATTEMPTS; attempt += 1) {
    const result = await tryChange(db, await getOrder(db, orderId), decide, now);
    if (result !== null) return result;
    await delay(Math.random() * RACE_PAUSE_MS);
  }
  throw new AppError('OVERLOADED', 'This order is being changed by others right now; try again.', {
    details: { retryAfterMs: 1_000 },
    internal: { orderId: String(orderId) },
  });
}

/** null when somebody was faster. */
async function tryChange(
  db: Database,
  order: Order,
  decide: (order: Order) => OrderChange | null,
  now: Date,
): Promise<ChangeResult | null> {
  const change = decide(order);
  if (change === null) return { order, changed: false };
  const write = toOrderWrite(order, change, now);
  if (!(await applyWrite(db, order, change, write, now))) return null;
  const entry = write.update.$push?.history;
  const history = entry === undefined ? order.history : [...order.history, entry as HistoryEntry];
  return { order: { ...write.after, history }, changed: true };
}

/** A change of an order's place in the settlement queue. */
export interface SettlementChange {
  settlement: SettlementState;
  /** For the history. */
  reason?: string;
}

/**
 * Moves the order in the settlement queue and touches nothing else, not even what is derived: for failures, which a
 * damaged document must not keep from being counted. `decide` is as in changeOrder. Gives the order as it stands then;
 * null when nothing was to be done or others were faster five times, so that it is found again.
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
    const { settlement, reason } = change;
    const { lastError: error } = settlement;
    const failure = { job: 'processOrderPayment', error: error ?? '' } as const;
    const noted = error === undefined ? {} : { failures: withFailure(order.failures, failure, now) };
    const version = order.version + 1;
    const { status, paymentStatus } = order;
    const standing = { status, paymentStatus };
    const entry = { seq: version, at: now, actor: 'system', from: standing, to: standing };
    const { matchedCount } = await driverCollection(db.orders).updateOne(
      { _id: orderId, version: order.version },
      {
        $set: { settlement, ...noted },
        $inc: { version: 1 },
        ...(reason === undefined ? {} : { $push: { history: { ...entry, reason } } }),
      },
    );
    if (matchedCount === 1) return { ...order, settlement, ...noted, version };
    await delay(Math.random() * RACE_PAUSE_MS);
  }
  return null;
}

/** The refusal of what does not fit how the order stands. `why` completes the sentence "Order X: …". */
export function conflict(order: Order, why: string): AppError<'ORDER_STATE_CONFLICT'> {
  const { status, paymentStatus } = order;
  return new AppError('ORDER_STATE_CONFLICT', `Order ${order.code}: ${why}.`, { details: { status, paymentStatus } });
}

/** False when somebody else changed the order since it was read, or when the fate of the commit must be read. */
async function applyWrite(
  db: Database,
  order: Order,
  change: OrderChange,
  write: OrderWrite<Order>,
  now: Date,
): Promise<boolean> {
  if (!change.emails?.length && !change.stock?.length) return updateIfUnchanged(db, write);
  try {
    return await inTransaction(db, async (session) => {
      if (!(await updateIfUnchanged(db, write, session))) throw new LostRaceError();
      await returnStock(db, order, change, now, session);
      const emails = (change.emails ?? []).map(({ kind, data }) =>
        newEmail(order._id, kind, write.after.version, data ?? {}, now),
      );
      if (emails.length > 0) await db.emails.insertMany(emails, { session });
      return true;
    });
  } catch (error) {
    if (error instanceof LostRaceError || error instanceof CommitOutcomeUnknownError) return false;
    throw error;
  }
}

/** Aborts the transaction of a change whose order was changed by somebody else. */
class LostRaceError extends Error {}

async function updateIfUnchanged(db: Database, write: OrderWrite, session?: ClientSession): Promise<boolean> {
  const options = session === undefined ? {} : { session };
  const { matchedCount } = await driverCollection(db.orders).updateOne(write.filter, write.update, options);
  return matchedCount === 1;
}

/** Puts units back, variants in the order of their ids, so that two such transactions never wait for each other in a ring. */
async function returnStock(
  db: Database,
  order: Order,
  change: OrderChange,
  now: Date,
  session: ClientSession,
): Promise<void> {
  const returns = [...(change.stock ?? [])].sort((a, b) => (String(a.variantId) < String(b.variantId) ? -1 : 1));
  for (const { variantId, quantity, as } of returns) {
    const released =
      as === 'release'
        ? { filter: { reserved: { $gte: quantity } }, reserved: -quantity }
        : { filter: {}, reserved: 0 };
    const { matchedCount } = await db.variants.updateOne(
      { _id: variantId, ...released.filter },
      { $inc: { stock: quantity, reserved: released.reserved } },
      { session },
    );
    if (matchedCount !== 1)
      throw new Error(`Order ${order._id}: variant ${variantId} cannot take back ${quantity} units (${as}).`);
  }
  const rows = returns
    .filter(({ as }) => as === 'restock')
    .map(({ variantId, quantity }) => orderMovement('restock', order._id, variantId, quantity, change.actor, now));
  if (rows.length > 0) await db.stockMovements.insertMany(rows, { session });
}

/** The order's quantities per variant, lines of the same variant merged. */
export function quantitiesByVariant(
  items: readonly { variantId: Types.ObjectId; quantity: number }[],
): { variantId: Types.ObjectId; quantity: number }[] {
  const merged = new Map<string, { variantId: Types.ObjectId; quantity: number }>();
  for (const { variantId, quantity } of items) {
    const key = String(variantId);
    merged.set(key, { variantId, quantity: (merged.get(key)?.quantity ?? 0) + quantity });
  }
  return [...merged.values()];
}

/** A 24-digit hex id; anything else is nobody's order. */
export function toObjectId(id: string): Types.ObjectId {
  if (!mongoose.isObjectIdOrHexString(id)) throw notFound('Order');
  return new Types.ObjectId(id);
}
