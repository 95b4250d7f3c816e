import { isInfrastructure, isTransient, isWriteConflict } from '../db/mongo-errors.ts';
import { BatchTooSlowError } from './settle-batch.ts';
import type { PaidOrder } from './settlement-changes.ts';
import { SettlementCountError } from './settlement-writes.ts';

/** After so many infrastructure errors in a row the run stops and leaves the rest to the next one. */
const MAX_STRIKES = 3;

/** How the next batch of a run is tried. */
export interface Pace {
  /** At most so many orders. */
  limit: number;
  /** Infrastructure errors in a row. */
  strikes: number;
  /** From the run's first write conflict on: other writers update the same variants. */
  lockFirst: boolean;
}

export interface BatchFailure {
  error: unknown;
  /** The orders of the batch that failed; none when it failed before it had read them. */
  tried: readonly PaidOrder[];
  /** They were read before the batch's transaction. */
  readAhead: boolean;
}

export type FailureConsequence =
  | { kind: 'halved'; pace: Pace }
  /** `pauseFirst`: at once, the retry would meet the same writers again. */
  | { kind: 'retried'; pace: Pace; pauseFirst: boolean }
  /** The error repeats whatever is tried: leave the rest to the next run. */
  | { kind: 'stopped' }
  /** The order failed alone: the failure is its own. */
  | { kind: 'own_failure'; order: PaidOrder };

/** Decides how the run goes on after a failed batch. Pure. */
export function classifyBatchFailure({ error, tried, readAhead }: BatchFailure, pace: Pace): FailureConsequence {
  const { limit, strikes } = pace;
  // An order has changed since. The next batch is read inside its transaction.
  if (readAhead && error instanceof SettlementCountError) return { kind: 'retried', pace, pauseFirst: false };
  const halved: FailureConsequence = { kind: 'halved', pace: { ...pace, limit: Math.ceil(limit / 2) } };
  if (isWriteConflict(error) && !pace.lockFirst)
    return { kind: 'retried', pace: { ...pace, lockFirst: true }, pauseFirst: false };
  if (isCrowding(error)) return limit > 1 ? halved : { kind: 'retried', pace, pauseFirst: true };
  const [first] = tried;
  // If no order was read, the failure cannot be attributed to an order: treat it as infrastructure.
  if (isInfrastructure(error) || first === undefined) {
    if (strikes + 1 >= MAX_STRIKES) return { kind: 'stopped' };
    return { kind: 'retried', pace: { ...pace, strikes: strikes + 1 }, pauseFirst: true };
  }
  // One order is at fault. Halving isolates it in some nine transactions, and the others settle on the way.
  return limit > 1 ? halved : { kind: 'own_failure', order: first };
}

const NO_SUCH_TRANSACTION = 251;

/** Too much at once: a write conflict, a missed deadline, or a transaction that the server ended for its age. */
function isCrowding(error: unknown): boolean {
  if (error instanceof BatchTooSlowError || isWriteConflict(error)) return true;
  return isTransient(error) && error instanceof Error && 'code' in error && error.code === NO_SUCH_TRANSACTION;
}
