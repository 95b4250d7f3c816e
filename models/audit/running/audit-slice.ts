/** A part of the audit that may run beside the shop: some of the orders, or all that is checked as a whole. */
import type { Types } from 'mongoose';
import type { Database } from '../../db/database.ts';
import { ORDER_CHECKS } from '../audit.ts';
import { type AuditScope, type CheckResult, CheckResultBuilder } from '../check.ts';
import { applyOrderCheck, scanOrders } from '../scan-orders.ts';

/** Some 10 ms of checks; requests are answered between two batches. */
const BATCH_SIZE = 50;

export interface OrderSlice {
  /** The order after which the slice begins; null for the first. */
  after: Types.ObjectId | null;
  /** The most orders that are checked. */
  limit: number;
  /** Checked after each batch: true ends the slice there. */
  isOver: () => boolean;
}

export interface SliceResult {
  checks: CheckResult[];
  checked: number;
  /** The last order that was checked; null after the last one of all. */
  last: Types.ObjectId | null;
}

/** Every check of one order at a time, for the orders of the slice in the order of their ids. May be repeated and raced. */
export async function auditSlice(
  db: Database,
  { after, limit, isOver }: OrderSlice,
  scope: AuditScope,
): Promise<SliceResult> {
  const results = ORDER_CHECKS.map((check) => ({ check, builder: new CheckResultBuilder(check) }));
  const batchSize = Math.min(BATCH_SIZE, limit);
  let checked = 0;
  const last = await scanOrders(db, { after, batchSize }, (batch) => {
    checked += batch.orders.length + batch.newerOrders;
    for (const { check, builder } of results) applyOrderCheck(check, builder, batch, scope);
    return checked + batchSize > limit || isOver() ? 'stop' : undefined;
  });
  return { checks: results.map(({ builder }) => builder.result()), checked, last };
}
