/**
 * The books, held against every invariant that can be read from the database: named checks, each as of one instant.
 * Reads only, in ranges of indexes and in batches, so it may run beside the shop at any size. Called by `npm run audit`,
 * by the demo and by tests; server/commands/audit-paystack holds Paystack's list beside it.
 * Not to be read from a database: I10, I12–I15 and I17, which only experiments show.
 */

import type { Database } from '../db/database.ts';
import { type CurrencyTotals, MoneyTotals } from './books.ts';
import { type AuditCheck, type AuditScope, type CheckResult, CheckTally } from './check.ts';
import { emailsGroundedCheck, emailsOwedCheck } from './emails.ts';
import { derivedFieldsCheck, historyChainCheck, statusPathCheck, versionCheck } from './history.ts';
import { auditOverdue, findableCheck, OVERDUE_CHECKS } from './liveness.ts';
import {
  chargeStateCheck,
  payingChargeCheck,
  refundedStatusCheck,
  refundLimitCheck,
  rightlyPaidCheck,
} from './money.ts';
import { applyOrderCheck, type OrderCheck, scanOrders } from './scan-orders.ts';
import { snapshotCheck, totalCheck } from './snapshots.ts';
import {
  auditVariants,
  countsCheck,
  ledgerCheck,
  orderMovementsCheck,
  reservationCheck,
  reservedCheck,
} from './stock.ts';
import { auditUniqueness, uniquenessCheck } from './uniqueness.ts';

export type { CurrencyTotals as CurrencyBooks } from './books.ts';
export type { AuditCheck, CheckResult, Violation } from './check.ts';

/** Asked of each order by itself. */
const ORDER_CHECKS: readonly OrderCheck[] = [
  orderMovementsCheck,
  reservationCheck,
  chargeStateCheck,
  refundedStatusCheck,
  payingChargeCheck,
  statusPathCheck,
  versionCheck,
  historyChainCheck,
  derivedFieldsCheck,
  emailsOwedCheck,
  emailsGroundedCheck,
  findableCheck,
  snapshotCheck,
  totalCheck,
  rightlyPaidCheck,
  refundLimitCheck,
];

/** Every check of the database, in the order of the invariants. */
export const AUDIT_CHECKS: readonly AuditCheck[] = byInvariant([
  ...ORDER_CHECKS,
  ...OVERDUE_CHECKS,
  ledgerCheck,
  reservedCheck,
  countsCheck,
  uniquenessCheck,
]).map(({ id, name, question }) => ({ id, name, question }));

/** Work that is younger than this may still be under way: a lock, a sweep and an answer of Paystack's fit in. */
export const DEFAULT_GRACE_MS = 120_000;

export interface AuditOptions {
  /** The clock of those who wrote the documents. */
  now: Date;
  /** DEFAULT_GRACE_MS unless given; 0 when everything is known to be at rest. */
  graceMs?: number;
  /** Looks only at orders made since then; stock and overdue work are looked at whole all the same. */
  since?: Date;
  /** The domain of our key; when it is not known, a charge's own is believed. */
  domain?: 'test' | 'live';
}

export interface AuditReport {
  at: Date;
  since: Date | null;
  checks: CheckResult[];
  /** What the orders looked at add up to, per currency. */
  books: CurrencyTotals[];
  /** True when no check found a violation. */
  clean: boolean;
}

/** Runs every check. May be repeated and run beside anything; throws only when the database fails. */
export async function runAudit(db: Database, options: AuditOptions): Promise<AuditReport> {
  const { now, graceMs = DEFAULT_GRACE_MS, since = null, domain = null } = options;
  const scope: AuditScope = { now, graceMs, since, domain };
  const orders = await auditOrders(db, scope);
  const checks = byInvariant([
    ...orders.checks,
    ...(await auditVariants(db)),
    ...(await auditOverdue(db, scope)),
    await auditUniqueness(db),
  ]);
  return { at: now, since, checks, books: orders.books, clean: isClean(checks) };
}

/** True when none of the checks found a violation. */
export function isClean(checks: readonly CheckResult[]): boolean {
  return checks.every(({ violationCount }) => violationCount === 0);
}

async function auditOrders(
  db: Database,
  scope: AuditScope,
): Promise<{ checks: CheckResult[]; books: CurrencyTotals[] }> {
  const asked = ORDER_CHECKS.map((check) => ({ check, tally: new CheckTally(check) }));
  const books = new MoneyTotals();
  await scanOrders(db, scope.since, (batch) => {
    books.add(batch);
    for (const { check, tally } of asked) applyOrderCheck(check, tally, batch, scope);
  });
  return { checks: asked.map(({ tally }) => tally.result()), books: books.result() };
}

/** I1, I2, … I16; checks of one invariant stay as they were. */
function byInvariant<T extends AuditCheck>(checks: T[]): T[] {
  return checks.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}
