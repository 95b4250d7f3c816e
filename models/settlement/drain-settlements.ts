/**
 * settlePaidOrders: processOrderPayment's work. Drains all paid orders in batches, one drainer at a time by an advisory
 * lease. Whatever goes wrong, the documents stay as they were and the same orders are found again: by this run in a
 * smaller batch, by the next run, or by the sweep. A failure counts against an order only when it is that order's own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { releaseLease, takeLease } from '../db/lease.ts';
import { isInfrastructure, isTransient, isWriteConflict } from '../db/mongo-errors.ts';
import { changeOrder } from '../order/change-order.ts';
import { changeSettlement, type SettlementChange } from '../order/change-settlement.ts';
import type { Order, SettlementState } from '../order/order-document.ts';
import { queuedForSettlement } from '../payment/record-charge.ts';
import { BatchTooSlowError, type PaidOrder, type SettledBatch, settleBatch } from './settle-batch.ts';

/** Larger batches gain little and conflict more (measured; see the README's Decisions). */
export const MAX_BATCH = 512;
const LEASE = 'settlement';
const LEASE_MS = 10_000;
/** A run that finds the lease held asks again this often, in ms. */
const LEASE_POLL_MS = 25;
/** Errors of the server or the network in a row, after which the run leaves it to the next one. */
const MAX_STRIKES = 3;
const CONFLICT_PAUSE_MS = { least: 5, most: 50 };
/** Failures of an order's own: 1 s, doubling, at most 5 min; after the eighth it is parked. */
const MAX_ORDER_ATTEMPTS = 8;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;

export interface DrainOptions {
  /** Names this run for the lease. */
  holder: string;
  now: () => Date;
  /** No new batch is begun after this, in ms. */
  budgetMs: number;
  /** Whether to wait for another drainer's lease within the budget (a job), or to leave it to them (the sweep). */
  waitForLease: boolean;
  /** True from when on no new batch is begun, whatever is left of the budget. */
  isStopping?: () => boolean;
  refundIdFor: (order: PaidOrder) => string;
  /** After each commit; must not throw. */
  onBatch?: (batch: SettledBatch, durationMs: number) => void;
  /** An order failed alone for the eighth time; must not throw. Those that a batch parked are told with the batch. */
  onParked?: (order: Order) => void;
  /** After a failure that made the run try smaller, again, or stop; must not throw. */
  onFailure?: (error: unknown, consequence: 'halved' | 'retried' | 'attempt counted' | 'parked' | 'stopped') => void;
}

export interface DrainResult {
  confirmed: number;
  cancelled: number;
  parked: number;
  /** `drained`: nothing was due at the end. Otherwise orders may be left for the next run. */
  ended: 'drained' | 'budget' | 'lease held' | 'trouble';
}

/** Settles everything that is due. May be repeated and raced at will; never throws for an order's sake. */
export async function settlePaidOrders(db: Database, options: DrainOptions): Promise<DrainResult> {
  const endAt = performance.now() + options.budgetMs;
  const result: DrainResult = { confirmed: 0, cancelled: 0, parked: 0, ended: 'lease held' };
  if (!(await acquireLease(db, options, endAt))) return result;
  try {
    await drain(db, options, endAt, result);
  } finally {
    await releaseLease(db, LEASE, options.holder).catch(() => undefined);
  }
  return result;
}

async function acquireLease(db: Database, options: DrainOptions, endAt: number): Promise<boolean> {
  for (;;) {
    if (await takeLease(db, LEASE, options.holder, LEASE_MS)) return true;
    if (!options.waitForLease || isOver(options, endAt)) return false;
    await delay(LEASE_POLL_MS);
  }
}

function isOver({ isStopping }: DrainOptions, endAt: number): boolean {
  return performance.now() >= endAt || isStopping?.() === true;
}

async function drain(db: Database, options: DrainOptions, endAt: number, result: DrainResult): Promise<void> {
  let pace: Pace = { limit: MAX_BATCH, strikes: 0, lockFirst: false };
  // Taken just now; every later transaction renews it first.
  let leased = true;
  result.ended = 'budget';
  while (!isOver(options, endAt)) {
    let tried: readonly PaidOrder[] = [];
    const onRead = (orders: readonly PaidOrder[]) => {
      tried = orders;
    };
    try {
      leased ||= await takeLease(db, LEASE, options.holder, LEASE_MS);
      if (!leased) {
        result.ended = 'lease held';
        return;
      }
      leased = false;
      const startedAt = performance.now();
      const { limit, lockFirst } = pace;
      const { refundIdFor } = options;
      const batch = await settleBatch(db, { limit, lockFirst, now: options.now(), refundIdFor, onRead });
      for (const { outcome } of batch.settled) result[outcome] += 1;
      if (batch.settled.length > 0) options.onBatch?.(batch, performance.now() - startedAt);
      // Whoever pays from here on enqueues a trigger of his own, which this run cannot have absorbed.
      if (!batch.moreDue) {
        result.ended = 'drained';
        return;
      }
      pace = { limit: Math.min(limit * 2, MAX_BATCH), strikes: 0, lockFirst };
    } catch (error) {
      const next = await afterFailure(db, options, { error, tried }, pace);
      if (next === 'stop') {
        result.ended = 'trouble';
        return;
      }
      if (next.parked) result.parked += 1;
      pace = next;
    }
  }
}

interface Pace {
  limit: number;
  /** Errors of the server or the network in a row. */
  strikes: number;
  /** From the run's first conflict on: others write the same variants. */
  lockFirst: boolean;
}

interface Failure {
  error: unknown;
  /** The orders of the batch that failed; none when it failed before it had read them. */
  tried: readonly PaidOrder[];
}

/** What a failed batch means for the next one. */
async function afterFailure(
  db: Database,
  options: DrainOptions,
  { error, tried }: Failure,
  pace: Pace,
): Promise<'stop' | (Pace & { parked: boolean })> {
  const { limit, strikes } = pace;
  const halved = { ...pace, limit: Math.max(1, Math.ceil(limit / 2)), parked: false };
  if (isWriteConflict(error) && !pace.lockFirst) {
    options.onFailure?.(error, 'retried');
    return { ...pace, lockFirst: true, parked: false };
  }
  if (isCrowding(error)) {
    options.onFailure?.(error, limit > 1 ? 'halved' : 'retried');
    if (limit === 1) await pause();
    return halved;
  }
  const [first] = tried;
  // Who has read no order cannot blame one.
  if (isInfrastructure(error) || first === undefined) {
    if (strikes + 1 >= MAX_STRIKES) {
      options.onFailure?.(error, 'stopped');
      return 'stop';
    }
    options.onFailure?.(error, 'retried');
    await pause();
    return { ...pace, strikes: strikes + 1, parked: false };
  }
  if (limit > 1) {
    // One order is at fault; halving finds it in some nine transactions, and the others settle on the way.
    options.onFailure?.(error, 'halved');
    return halved;
  }
  const parked = await countFailure(db, options, first, error);
  options.onFailure?.(error, parked ? 'parked' : 'attempt counted');
  return { ...pace, parked };
}

const NO_SUCH_TRANSACTION = 251;

/** Too much at once: another writer was first, the deadline passed, or the server ended a transaction for its age. */
function isCrowding(error: unknown): boolean {
  if (error instanceof BatchTooSlowError || isWriteConflict(error)) return true;
  return isTransient(error) && error instanceof Error && 'code' in error && error.code === NO_SUCH_TRANSACTION;
}

function pause(): Promise<void> {
  return delay(CONFLICT_PAUSE_MS.least + Math.random() * (CONFLICT_PAUSE_MS.most - CONFLICT_PAUSE_MS.least));
}

/**
 * The order failed alone: it rests, or is parked for staff. True when it was parked. Written without deriving
 * anything, because whatever kept the order from settling may keep any other change of it from being written as well.
 */
async function countFailure(
  db: Database,
  { now, onParked }: DrainOptions,
  { _id }: PaidOrder,
  error: unknown,
): Promise<boolean> {
  const at = now();
  const lastError = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown error';
  const order = await changeSettlement(db, _id, (settlement) => afterOwnFailure(settlement, lastError, at), at);
  if (order?.settlement.parkedAt === undefined) return false;
  onParked?.(order);
  return true;
}

function afterOwnFailure(settlement: SettlementState, lastError: string, at: Date): SettlementChange | null {
  if (settlement.queuedAt === undefined) return null;
  const attempts = settlement.attempts + 1;
  if (attempts >= MAX_ORDER_ATTEMPTS) {
    return { settlement: { attempts, lastError, parkedAt: at }, reason: `settlement parked: ${lastError}` };
  }
  const retryAt = new Date(at.getTime() + Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS));
  return { settlement: { queuedAt: settlement.queuedAt, retryAt, attempts, lastError } };
}

/** Puts a parked or resting order back into the queue, at its own place. False when it does not wait for settlement. */
export async function restoreSettlement(
  db: Database,
  orderId: Types.ObjectId,
  actor: string,
  now: Date,
): Promise<boolean> {
  const { changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      if (order.status !== 'pending' || order.paymentStatus !== 'paid') return null;
      return { set: queuedForSettlement(order, now), actor, reason: 'settlement is tried again' };
    },
    now,
  );
  return changed;
}
