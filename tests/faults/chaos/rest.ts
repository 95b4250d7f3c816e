import { setTimeout as delay } from 'node:timers/promises';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { Database } from '../../../models/db/database.ts';

const POLL_EVERY_MS = 250;

/** Descriptions of the remaining work; empty at rest. */
async function findUnrest(db: Database, sandbox: PaystackSandbox): Promise<string[]> {
  const paid = {
    status: 'pending' as const,
    paymentStatus: { $ne: 'unpaid' as const },
    'settlement.parkedAt': { $exists: false },
  };
  const recorded = new Set(
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
    ['charges not recorded', sandbox.ledger().charges.filter(({ reference }) => !recorded.has(reference)).length],
    ['refunds open', await db.orders.countDocuments({ 'refunds.state': { $in: ['requested', 'pending'] } })],
    ['emails queued', await db.emails.countDocuments({ dueAt: { $exists: true } })],
    ['webhooks not applied', await db.webhookEvents.countDocuments({ dueAt: { $exists: true } })],
  ];
  return counts.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
}

/** Resolves when every paid order is settled, every refund ended and every email sent, or with the rest on a timeout. */
export async function untilAtRest(
  db: Database,
  sandbox: PaystackSandbox,
  withinMs: number,
): Promise<{ tookMs: number; unrest: string[] }> {
  const beganAt = performance.now();
  let unrest = ['no state was read'];
  while (performance.now() - beganAt < withinMs) {
    unrest = await findUnrest(db, sandbox).catch((error: unknown) => [String(error)]);
    if (unrest.length === 0) break;
    await delay(POLL_EVERY_MS);
  }
  return { tookMs: performance.now() - beganAt, unrest };
}
