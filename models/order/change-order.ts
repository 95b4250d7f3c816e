import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Types } from 'mongoose';
import { returnStock } from '../catalogue/return-stock.ts';
import { guardedUpdates } from '../db/batching/guarded-updates.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { CommitOutcomeUnknownError } from '../db/mongo-errors.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../errors.ts';
import { emailOwedBy } from '../messaging/email-of-type.ts';
import { keepWaiting, requeueEmails } from '../messaging/email-outbox.ts';
import { conflict } from './guards.ts';
import type { Order } from './order-document.ts';
import { type OrderChange, type OrderWrite, toOrderWrite } from './order-write.ts';
import { getOrder } from './queries/find-order.ts';
import { assertKnownShape } from './shape.ts';

/** How often a change is decided anew after a lost race. */
export const CHANGE_ATTEMPTS = 5;
const LOST_RACE_PAUSE_MS = 20;

/** A random pause, so that two writers that lost the same race do not meet again. */
export function pauseAfterLostRace(): Promise<void> {
  return delay(Math.random() * LOST_RACE_PAUSE_MS);
}

export interface ChangeResult {
  /** The order after the change. */
  order: Order;
  /** False when `decide` returned null. */
  changed: boolean;
}

/**
 * Reads the order, decides its change and writes it under a compare-and-set on the version. Its history entry, emails and
 * returned stock are written with it, all or nothing. A lost race reads and decides again, at most five times.
 * `decide` must be pure: it may run several times; it returns null when nothing is to be done and may throw an AppError
 * to refuse. May be raced by anything. Throws NOT_FOUND, what `decide` throws, or OVERLOADED; an order of a higher shape
 * is never decided.
 * `known`, the order as it was read before, saves the first read. That is safe for writes, because the version check
 * rejects stale copies. A "nothing to do" decision is checked again on a fresh read.
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
    await pauseAfterLostRace();
  }
  throw new AppError('OVERLOADED', 'This order is being changed by others right now; try again.', {
    details: { retryAfterMs: 1_000 },
    internal: { orderId: String(orderId) },
  });
}

/** null after a lost race. */
async function tryChange(
  db: Database,
  order: Order,
  decide: (order: Order) => OrderChange | null,
  now: Date,
): Promise<ChangeResult | null> {
  assertKnownShape(order);
  const change = decide(order);
  if (change === null) return { order, changed: false };
  const write = toOrderWrite(order, change, now);
  if (!(await applyWrite(db, order, change, write, now))) return null;
  const history = write.entry === null ? order.history : [...order.history, write.entry];
  return { order: { ...write.after, history }, changed: true };
}

/** False after a lost race, and when the outcome of the commit is unknown: the next read shows it. */
async function applyWrite(
  db: Database,
  order: Order,
  change: OrderChange,
  write: OrderWrite<Order>,
  now: Date,
): Promise<boolean> {
  const email = write.entry === null ? null : emailOwedBy(order._id, write.entry, now);
  const { requeue, stock = [], waitingEmail } = change;
  const isAlone = email === null && stock.length === 0 && waitingEmail === undefined && requeue === undefined;
  if (isAlone) return updateIfUnchanged(db, write);
  try {
    return await inTransaction(db, async (session) => {
      if (!(await updateIfUnchanged(db, write, session))) throw new LostRaceError();
      await returnStock(db, order._id, stock, { actor: change.actor, now }, session);
      if (waitingEmail !== undefined && !(await keepWaiting(db, waitingEmail, now, session)))
        throw new EmailTakenError();
      if (email !== null) await driverCollection(db.emails).insertOne(email, { session });
      if (requeue !== undefined) await requeueOrThrow(db, order, requeue, { now, session });
      return true;
    });
  } catch (error) {
    if (error instanceof LostRaceError || error instanceof CommitOutcomeUnknownError) return false;
    throw error;
  }
}

/** The change depends on an email that a sender may have by now. */
export class EmailTakenError extends Error {}

async function requeueOrThrow(
  db: Database,
  order: Order,
  which: NonNullable<OrderChange['requeue']>,
  at: { now: Date; session: ClientSession },
): Promise<void> {
  const count = await requeueEmails(db, order._id, which, at);
  // Another call queued it after this one read it.
  if (which !== 'parked' && count < which.length) throw conflict(order, 'this email already waits to be sent');
}

/** Aborts the transaction of a change that lost its race. */
class LostRaceError extends Error {}

/** Outside of a transaction, together with the updates of other orders. */
async function updateIfUnchanged(db: Database, { filter, update }: OrderWrite, session?: ClientSession) {
  if (session === undefined) return updateGuarded(db, { _id: filter._id, guard: filter.version, update });
  const { matchedCount } = await driverCollection(db.orders).updateOne(filter, update, { session });
  return matchedCount === 1;
}

const updateGuarded = guardedUpdates((db) => driverCollection(db.orders), 'version');
