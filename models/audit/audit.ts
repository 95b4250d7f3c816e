/**
 * Consistency checks: every invariant that can be read from the database, each as of one instant. Reads only, in index
 * ranges and batches, so it may run beside the shop at any size. I10, I12–I15 and I17 leave no trace in the database;
 * only fault tests show them.
 */
import type { Database } from '../db/database.ts';
import { type AuditCheck, type AuditScope, type CheckResult, CheckResultBuilder } from './check.ts';
import {
  disputeAlertsCheck,
  disputeAnswersCheck,
  disputedShipmentsCheck,
  openDisputesCheck,
} from './disputes/answers.ts';
import { emailsGroundedCheck, emailsOwedCheck, refundEntriesCheck, reviewEntriesCheck } from './emails.ts';
import { actionKeysCheck, refundLinesCheck } from './goods/refund-lines.ts';
import { derivedFieldsCheck, historyChainCheck, statusPathCheck, versionCheck } from './history.ts';
import { auditOverdue, findableCheck, OVERDUE_CHECKS } from './liveness.ts';
import {
  chargeStateCheck,
  neverSettledCheck,
  payingChargeCheck,
  refundedStatusCheck,
  refundLimitCheck,
  returnedLimitCheck,
  returnedToldCheck,
  rightlyPaidCheck,
} from './money.ts';
import { type CurrencyTotals, MoneyTotals } from './money-totals.ts';
import { auditPayouts, PAYOUT_CHECKS } from './payouts/payouts.ts';
import { applyOrderCheck, type OrderCheck, positionBefore, scanOrders } from './scan-orders.ts';
import { moneyHashCheck, personHashCheck, totalCheck } from './snapshots.ts';
import {
  auditVariants,
  countsCheck,
  ledgerCheck,
  orderMovementsCheck,
  reservationCheck,
  reservedCheck,
} from './stock.ts';
import { auditUniqueness, uniquenessCheck } from './uniqueness.ts';
import { shipmentEntriesCheck, unitsCheck } from './units.ts';

export type { AuditCheck, CheckResult, Violation } from './check.ts';
export type { CurrencyTotals } from './money-totals.ts';

/** Checks of one order at a time. */
export const ORDER_CHECKS: readonly OrderCheck[] = [
  orderMovementsCheck,
  reservationCheck,
  chargeStateCheck,
  refundedStatusCheck,
  neverSettledCheck,
  returnedLimitCheck,
  returnedToldCheck,
  payingChargeCheck,
  statusPathCheck,
  versionCheck,
  historyChainCheck,
  derivedFieldsCheck,
  emailsOwedCheck,
  emailsGroundedCheck,
  refundEntriesCheck,
  reviewEntriesCheck,
  findableCheck,
  moneyHashCheck,
  personHashCheck,
  totalCheck,
  rightlyPaidCheck,
  refundLimitCheck,
  unitsCheck,
  shipmentEntriesCheck,
  refundLinesCheck,
  actionKeysCheck,
  openDisputesCheck,
  disputeAlertsCheck,
  disputeAnswersCheck,
  disputedShipmentsCheck,
];

/** Every check of the database, in the order of the invariants. */
export const AUDIT_CHECKS: readonly AuditCheck[] = byInvariant([
  ...ORDER_CHECKS,
  ...OVERDUE_CHECKS,
  ledgerCheck,
  reservedCheck,
  countsCheck,
  uniquenessCheck,
  ...PAYOUT_CHECKS,
]).map(({ id, name, question }) => ({ id, name, question }));

/** Younger work may still be under way: a lock, a sweep and a call to Paystack take less. */
export const DEFAULT_GRACE_MS = 120_000;

export interface AuditOptions {
  /** By the clock that dated the documents. */
  now: Date;
  /** DEFAULT_GRACE_MS unless given; 0 when no work is under way. */
  graceMs?: number;
  /** Checks only orders placed since then. Stock and overdue work are always checked as a whole. */
  since?: Date;
  /** The domain of our key; when not given, each charge's own domain is accepted. */
  domain?: 'test' | 'live';
}

export interface AuditReport {
  at: Date;
  since: Date | null;
  checks: CheckResult[];
  /** Sums over the checked orders, per currency. */
  totals: CurrencyTotals[];
  /** The number of orders of a higher shape, which the checks of one order left out. */
  newerOrders: number;
  /** True when no check found a violation. */
  clean: boolean;
}

/** Runs every check. May be repeated and raced; throws only when the database fails. */
export async function runAudit(db: Database, options: AuditOptions): Promise<AuditReport> {
  const { now, graceMs = DEFAULT_GRACE_MS, since = null, domain = null } = options;
  const scope: AuditScope = { now, graceMs, since, domain };
  const orders = await auditOrders(db, scope);
  const checks = byInvariant([...orders.checks, ...(await auditWhole(db, scope))]);
  const { totals, newerOrders } = orders;
  return { at: now, since, checks, totals, newerOrders, clean: isClean(checks) };
}

/** The checks that are not of one order at a time. May be repeated and raced. */
export async function auditWhole(db: Database, scope: AuditScope): Promise<CheckResult[]> {
  return [
    ...(await auditVariants(db)),
    ...(await auditOverdue(db, scope)),
    await auditUniqueness(db),
    ...(await auditPayouts(db)),
  ];
}

/** True when none of the checks found a violation. */
export function isClean(checks: readonly CheckResult[]): boolean {
  return checks.every(({ violationCount }) => violationCount === 0);
}

async function auditOrders(
  db: Database,
  scope: AuditScope,
): Promise<{ checks: CheckResult[]; totals: CurrencyTotals[]; newerOrders: number }> {
  const results = ORDER_CHECKS.map((check) => ({ check, builder: new CheckResultBuilder(check) }));
  const totals = new MoneyTotals();
  let newerOrders = 0;
  const after = scope.since === null ? null : positionBefore(scope.since);
  await scanOrders(db, { after }, (batch) => {
    newerOrders += batch.newerOrders;
    totals.add(batch);
    for (const { check, builder } of results) applyOrderCheck(check, builder, batch, scope);
    return undefined;
  });
  return { checks: results.map(({ builder }) => builder.result()), totals: totals.result(), newerOrders };
}

/** I1, I2, … I16; a stable sort. */
function byInvariant<T extends AuditCheck>(checks: T[]): T[] {
  return checks.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}
