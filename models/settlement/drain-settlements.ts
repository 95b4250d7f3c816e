/**
 * Drains all paid orders in batches, one run at a time by an advisory lease. A run lives on while work is announced to it.
 * A failed batch leaves the documents unchanged,
 * so this run (in a smaller batch), the next run or the sweep finds the same orders again. A failure counts against an
 * order only when that order failed alone.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { releaseLease, takeLease } from '../db/lease.ts';
import { isFaultOfDocument } from '../db/mongo-errors.ts';
import { DEADLINES } from '../deadlines.ts';
import type { Order } from '../order/order-document.ts';
import { countOwnFailure, type OwnFailure } from '../order/stuck/own-failures.ts';
import { type BatchFailure, classifyBatchFailure, type Pace } from './batch-failure.ts';
import { type DueOrders, readDueAhead, type SettledBatch, settleBatch } from './settle-batch.ts';
import type { PaidOrder } from './settlement-changes.ts';
import { isSettlementDue } from './settlement-queue.ts';
import type { EmailClaims } from './settlement-writes.ts';

/** Larger batches gain little and conflict more (docs/measured.md). */
export const MAX_BATCH = 512;
const LEASE = 'settlement';
/** How often a run that waits for the lease tries to take it. */
const LEASE_POLL_MS = 25;
/** Renewed when it is this old, so that it outlives the batch after the renewal. */
const LEASE_RENEWED_MS = DEADLINES.settlementLease / 3;
/**
 * Between the beginnings of two batches, ms, when the first had several orders and nothing more was due: the next payments
 * meet in one batch. A lone shopper's payment waits for nothing.
 */
const MEETING_MS = 75;
const PAUSE_MS = { least: 5, most: 50 };

/** Keeps a run alive. */
export interface WorkAnnouncements {
  /** Before each read of the queue, which finds what was announced until now. Throws database errors. */
  beforeRead(): Promise<void>;
  /**
   * True once work was announced since the last beforeRead, not before `earliest`; false when the run is to end. With
   * `gathers`, it waits until announcements stop coming, for some ms at most.
   */
  next(earliest: number, gathers: boolean): Promise<boolean>;
}

export interface DrainOptions {
  /** Names this run for the lease. */
  holder: string;
  now: () => Date;
  /** No new batch is begun after this, in ms. */
  budgetMs: number;
  /** Whether to wait for another run's lease within the budget, or to leave the orders to that run. */
  waitForLease: boolean;
  /** Once true, no new batch is begun, whatever is left of the budget. */
  isStopping?: () => boolean;
  /** Without it, the run ends when nothing is due. */
  announcements?: WorkAnnouncements;
  refundIdFor: (order: PaidOrder) => string;
  /** The emails that the next batch may claim for a sender in this process; none when missing. */
  emailClaims?: () => EmailClaims;
  /** After each commit; must not throw. */
  onBatch?: (batch: SettledBatch, durationMs: number) => void;
  /** After an order failed alone for the eighth time; must not throw. Orders that a batch parked are in `onBatch`. */
  onParked?: (order: Order) => void;
  /** After each failed batch; must not throw. */
  onFailure?: (error: unknown, consequence: FailureReport) => void;
}

/** `not_counted`: the order failed alone, and its document cannot be written or has left the queue. */
export type FailureReport = 'halved' | 'retried' | 'attempt_counted' | 'not_counted' | 'parked' | 'stopped';

export interface DrainResult {
  confirmed: number;
  cancelled: number;
  parked: number;
  /** `drained`: nothing was due at the end. Otherwise orders may be left for the next run. */
  ended: 'drained' | 'budget' | 'lease_held' | 'failed';
}

/** Settles everything that is due. May be repeated and raced; never throws for an order's sake. */
export async function settlePaidOrders(db: Database, options: DrainOptions): Promise<DrainResult> {
  const endAt = performance.now() + options.budgetMs;
  const result: DrainResult = { confirmed: 0, cancelled: 0, parked: 0, ended: 'lease_held' };
  const early = await acquireLease(db, options, endAt);
  if (early !== null) return { ...result, ended: early };
  try {
    result.ended = await drain(db, options, endAt, result);
  } finally {
    await releaseLease(db, LEASE, options.holder).catch(() => undefined);
  }
  return result;
}

/** null once this run has the lease. A holder that lives on settles what this run would: then nothing is left due. */
async function acquireLease(db: Database, options: DrainOptions, endAt: number): Promise<DrainResult['ended'] | null> {
  for (;;) {
    if (await takeLease(db, LEASE, options.holder, DEADLINES.settlementLease)) return null;
    if (!options.waitForLease || isOver(options, endAt)) return 'lease_held';
    if (!(await isSettlementDue(db, options.now()))) return 'drained';
    await delay(LEASE_POLL_MS);
  }
}

function isOver({ isStopping }: DrainOptions, endAt: number): boolean {
  return performance.now() >= endAt || isStopping?.() === true;
}

/** Counts into `result`. */
async function drain(
  db: Database,
  options: DrainOptions,
  endAt: number,
  result: DrainResult,
): Promise<DrainResult['ended']> {
  let pace: Pace = { limit: MAX_BATCH, strikes: 0, lockFirst: false };
  // Orders that failed alone in this run, which leaves them alone from then on. Their first back-offs end within it, so
  // hundreds of them at the head would hold up the queue.
  const failedAlone: Types.ObjectId[] = [];
  // Taken just now.
  let leasedAt = performance.now();
  const renewLease = async (): Promise<boolean> => {
    if (performance.now() - leasedAt < LEASE_RENEWED_MS) return true;
    leasedAt = performance.now();
    return takeLease(db, LEASE, options.holder, DEADLINES.settlementLease);
  };
  let next: Promise<DueOrders | undefined> | undefined;
  for (;;) {
    const ahead = await next;
    next = undefined;
    if (isOver(options, endAt)) return 'budget';
    let tried: readonly PaidOrder[] = [];
    const onRead = (orders: readonly PaidOrder[], moreDue: boolean) => {
      tried = orders;
      if (!moreDue || pace.lockFirst) return;
      const except = [...failedAlone, ...orders.map(({ _id }) => _id)];
      // Without it, the next batch reads for itself, and meets the same error.
      const read = () => readDueAhead(db, { limit: nextLimit(pace), now: options.now(), except });
      next = Promise.resolve(options.announcements?.beforeRead())
        .then(read)
        .catch(() => undefined);
    };
    try {
      if (!(await renewLease())) return 'lease_held';
      if (ahead === undefined) await options.announcements?.beforeRead();
      const startedAt = performance.now();
      const { limit, lockFirst } = pace;
      const { refundIdFor } = options;
      const emailClaims = options.emailClaims?.();
      const [now, except] = [options.now(), failedAlone];
      const batch = await settleBatch(db, { limit, lockFirst, now, refundIdFor, emailClaims, except, ahead, onRead });
      for (const { outcome } of batch.settled) result[outcome] += 1;
      if (batch.settled.length > 0) options.onBatch?.(batch, performance.now() - startedAt);
      pace = { limit: nextLimit(pace), strikes: 0, lockFirst };
      // Payments recorded after this read are announced, or enqueue their own wake-up, so it is safe to stop here.
      const meets = batch.settled.length > 1;
      const earliest = startedAt + (meets ? MEETING_MS : 0);
      if (!batch.moreDue && !(await options.announcements?.next(earliest, meets))) return 'drained';
    } catch (error) {
      // It may hold what the failed batch left, and its limit may be too high.
      await next;
      next = undefined;
      const after = await afterFailure(db, options, { error, tried, readAhead: ahead !== undefined }, pace);
      if (after === null) return 'failed';
      if (after.failedAlone !== undefined) failedAlone.push(after.failedAlone);
      if (after.parked) result.parked += 1;
      pace = after.pace;
    }
  }
}

/** After a success. */
function nextLimit({ limit }: Pace): number {
  return Math.min(limit * 2, MAX_BATCH);
}

/** null when the run must stop. */
async function afterFailure(
  db: Database,
  options: DrainOptions,
  failure: BatchFailure,
  pace: Pace,
): Promise<{ pace: Pace; parked: boolean; failedAlone?: Types.ObjectId } | null> {
  const consequence = classifyBatchFailure(failure, pace);
  if (consequence.kind !== 'own_failure') {
    options.onFailure?.(failure.error, consequence.kind);
    if (consequence.kind === 'stopped') return null;
    if (consequence.kind === 'retried' && consequence.pauseFirst)
      await delay(PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least));
    return { pace: consequence.pace, parked: false };
  }
  const { _id } = consequence.order;
  const counted = await countAlone(db, _id, failure.error, options.now());
  const parked = counted?.parked === true;
  if (parked) options.onParked?.(counted.order);
  options.onFailure?.(failure.error, parked ? 'parked' : counted === null ? 'not_counted' : 'attempt_counted');
  return { pace, parked, failedAlone: _id };
}

/** Null also for a document that cannot be written at all: the orders behind it must not wait for its repair. */
async function countAlone(db: Database, orderId: Types.ObjectId, error: unknown, at: Date): Promise<OwnFailure | null> {
  try {
    return await countOwnFailure(db, orderId, 'settlement', error, at);
  } catch (notCounted) {
    if (isFaultOfDocument(notCounted)) return null;
    throw notCounted;
  }
}
