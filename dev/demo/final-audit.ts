import { setTimeout as delay } from 'node:timers/promises';
import { type CheckResult, isClean, runAudit } from '../../models/audit/audit.ts';
import { auditPaystack } from '../../server/commands/audit-paystack.ts';
import { assert } from './assert.ts';
import type { DemoShop } from './demo-shop.ts';

/** Work that the scenario started may still be running: a last email, a refund's last step. */
const REST_TIMEOUT_MS = 10_000;
const RETRY_PAUSE_MS = 100;

/** Checks every invariant and compares the database with Paystack's list, with no grace period: no work is left. */
export async function auditShop(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const checks = await reporter.step(
    'The audit of the database and of Paystack’s list',
    () => auditAtRest(shop),
    (results) => (isClean(results) ? `clean, ${results.length} checks` : 'VIOLATIONS'),
  );
  for (const { id, question, violations } of checks) {
    for (const violation of violations) reporter.note(`${id} ${question} ${violation.id}: ${violation.detail}`);
  }
  assert(isClean(checks), 'the audit found violations');
}

/** Repeats the audit until it is clean or the time is up, because running work is not visible from outside. */
async function auditAtRest(shop: DemoShop): Promise<CheckResult[]> {
  const deadline = performance.now() + REST_TIMEOUT_MS;
  for (;;) {
    const checks = await audit(shop);
    if (isClean(checks) || performance.now() > deadline) return checks;
    await delay(RETRY_PAUSE_MS);
  }
}

async function audit({ ctx }: DemoShop): Promise<CheckResult[]> {
  const scope = { now: ctx.clock.now(), graceMs: 0 };
  const { checks } = await runAudit(ctx.db, { ...scope, domain: ctx.config.paystackDomain });
  return [...checks, ...(await auditPaystack(ctx.db, ctx.paystack, scope))];
}
