/** Waiting until the healed cluster has nothing left to do: every paid order settled, every refund ended, every email sent. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { Database } from '../../../models/db/database.ts';

const LOOK_EVERY_MS = 250;

/** What still waits, in words; empty at rest. */
async function findUnrest(db: Database, sandbox: PaystackSandbox): Promise<string[]> {
  const paid = {
    status: 'pending' as const,
    paymentStatus: { $ne: 'unpaid' as const },
    'settlement.parkedAt': { $exists: false },
  };
  const heard = new Set(
    (
      await db.orders.aggregate<{ _id: string }>([
        { $unwind: '$payments' },
        { $match: { 'payments.amount': { $exists: true } } },
        { $group: { _id: '$payments.reference' } },
      ])
    ).map(({ _id }) => _id),
  );
  const counts: [string, number][] = [
    ['paid orders pending', await db.orders.countDocuments({ ...paid, reviewSince: { $exists: false } })],
    ['charges unheard of', sandbox.ledger().charges.filter(({ reference }) => !heard.has(reference)).length],
    ['refunds open', await db.orders.countDocuments({ 'refunds.state': { $in: ['requested', 'pending'] } })],
    ['emails queued', await db.emails.countDocuments({ dueAt: { $exists: true } })],
    ['webhooks not applied', await db.webhookEvents.countDocuments({ dueAt: { $exists: true } })],
  ];
  return counts.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
}

/** Resolves with how long it took, ms, or with what is still unrest when the time is up. */
export async function untilAtRest(
  db: Database,
  sandbox: PaystackSandbox,
  withinMs: number,
): Promise<{ tookMs: number; unrest: string[] }> {
  const beganAt = performance.now();
  let unrest = ['nothing was looked at'];
  while (performance.now() - beganAt < withinMs) {
    unrest = await findUnrest(db, sandbox).catch((error: unknown) => [String(error)]);
    if (unrest.length === 0) break;
    await delay(LOOK_EVERY_MS);
  }
  return { tookMs: performance.now() - beganAt, unrest };
}
