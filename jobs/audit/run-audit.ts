/**
 * The audit that runs beside the shop, in slices. It checks all orders in turn, the young ones more often, and the stock and
 * the queues at the end of each round. Each new violation is an alert. It changes nothing but its own state.
 */
import { auditWhole, DEFAULT_GRACE_MS } from '../../models/audit/audit.ts';
import type { AuditScope, CheckResult } from '../../models/audit/check.ts';
import { auditSlice, type SliceResult } from '../../models/audit/running/audit-slice.ts';
import { positionBefore } from '../../models/audit/scan-orders.ts';
import { claimSlice, claimYoung, storeSlice, storeYoung } from '../../models/audit-state/audit-state.ts';
import type { KnownViolation } from '../../models/audit-state/audit-state-document.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { startTimeBudget } from '../concurrency/time-budget.ts';
import type { JobContext } from '../context.ts';

/** Orders in a slice; with SLICE_EVERY_MS at most as many in a minute. */
const SLICE = 2_000;
/** Most that can happen to an order happens within its first hours. */
const YOUNG_MS = 2 * 3600_000;

export interface AuditRun {
  /** Orders of the slice; 0 when none was due. */
  checked: number;
  /** Young orders that were checked; 0 when they were not due. */
  young: number;
  roundEnded: boolean;
  /** New violations. */
  found: number;
}

type AuditContext = Pick<JobContext, 'db' | 'clock' | 'stopping'> & {
  events: Pick<JobContext['events'], 'auditFound'>;
};

/** Checks what is due. May be repeated and raced: one worker gets each part. */
export async function runAuditOnce(ctx: AuditContext, { sliceSize = SLICE } = {}): Promise<AuditRun> {
  const { db, clock } = ctx;
  const now = clock.now();
  const scope: AuditScope = { now, graceMs: DEFAULT_GRACE_MS, since: null, domain: null };
  const run: AuditRun = { checked: 0, young: 0, roundEnded: false, found: 0 };
  const report = (violations: readonly KnownViolation[]) => {
    run.found += violations.length;
    for (const { check, id } of violations) ctx.events.auditFound({ check, documentId: id });
  };
  if (await claimYoung(db, now)) {
    const young = await checkOrders(ctx, positionBefore(new Date(now.getTime() - YOUNG_MS)), Infinity, scope);
    run.young = young.checked;
    report(await storeYoung(db, young.checks, now));
  }
  const claim = await claimSlice(db, now);
  if (claim === null) return run;
  const { checks, checked, last } = await checkOrders(ctx, claim.after, sliceSize, scope);
  const whole: CheckResult[] = last === null ? await auditWhole(db, scope) : [];
  report(await storeSlice(db, { claim, checks: [...checks, ...whole], last }, now));
  return { ...run, checked, roundEnded: last === null };
}

function checkOrders(
  ctx: Pick<JobContext, 'db' | 'stopping'>,
  after: SliceResult['last'],
  limit: number,
  scope: AuditScope,
): Promise<SliceResult> {
  const isOver = startTimeBudget(ctx, DEADLINES.auditSlice);
  return auditSlice(ctx.db, { after, limit, isOver }, scope);
}
