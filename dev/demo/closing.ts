/**
 * How every story ends: the books are held against every invariant, and beside Paystack's own list. Nothing is under way
 * any more, so no grace is given.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type CheckResult, isClean, runAudit } from '../../models/audit/audit.ts';
import { auditPaystack } from '../../server/commands/audit-paystack.ts';
import { assert } from './assert.ts';
import type { Scenario } from './scenario.ts';

/** Work that the story has set off may still be ending: a last email, a refund's last step. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

export async function closeBooks(stage: Scenario): Promise<void> {
  const { reporter } = stage;
  const checks = await reporter.step(
    'The audit, of our books and of Paystack’s list',
    () => auditOnceAtRest(stage),
    (results) => (isClean(results) ? `clean, ${results.length} checks` : 'VIOLATIONS'),
  );
  for (const { id, question, violations } of checks) {
    for (const violation of violations) reporter.note(`${id} ${question} ${violation.id}: ${violation.detail}`);
  }
  assert(isClean(checks), 'the audit found violations');
}

/** Asks again for a while, because rest cannot be seen from outside; violations that stay are violations. */
async function auditOnceAtRest(stage: Scenario): Promise<CheckResult[]> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const checks = await audit(stage);
    if (isClean(checks) || performance.now() > deadline) return checks;
    await delay(PAUSE_MS);
  }
}

async function audit({ ctx }: Scenario): Promise<CheckResult[]> {
  const scope = { now: ctx.clock.now(), graceMs: 0 };
  const { checks } = await runAudit(ctx.db, { ...scope, domain: ctx.config.paystackDomain });
  return [...checks, ...(await auditPaystack(ctx.db, ctx.paystack, scope))];
}
