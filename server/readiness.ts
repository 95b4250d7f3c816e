/** Whether this process can do its work, and if not, which of its needs is not met. */
import type { AppContext } from './context.ts';

const PING_MS = 500;
/** Older than this means that paid orders are not being settled, or emails not sent. */
const OLDEST_PAID_MS = 5 * 60_000;
const OLDEST_EMAIL_MS = 30 * 60_000;

export interface Readiness {
  ready: boolean;
  /** The names of the checks that failed. */
  failed: string[];
}

/** Asks the database; bounded by half a second a question. Never throws. */
export async function checkReadiness(ctx: AppContext): Promise<Readiness> {
  const checks: Record<string, () => Promise<boolean>> = {
    draining: async () => !ctx.orderWatch.over.aborted,
    database: () => majorityPing(ctx),
    paidOrders: () =>
      isYoung(
        ctx,
        ctx.db.orders
          .findOne({ 'settlement.dueAt': { $exists: true } }, { at: '$settlement.dueAt' })
          .sort({ 'settlement.dueAt': 1 }),
        OLDEST_PAID_MS,
      ),
    emails: () =>
      isYoung(
        ctx,
        ctx.db.emails.findOne({ dueAt: { $exists: true } }, { at: '$createdAt' }).sort({ dueAt: 1 }),
        OLDEST_EMAIL_MS,
      ),
  };
  const failed: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    if (!(await check().catch(() => false))) failed.push(name);
  }
  return { ready: failed.length === 0, failed };
}

/** A read that a majority must acknowledge: true on a primary that the others still follow. */
async function majorityPing({ db }: AppContext): Promise<boolean> {
  const reply = await db.connection.db?.command(
    { find: 'runmarks', limit: 1, readConcern: { level: 'linearizable' }, maxTimeMS: PING_MS },
    { readPreference: 'primary' },
  );
  return reply?.ok === 1;
}

async function isYoung(ctx: AppContext, oldest: { lean(): PromiseLike<unknown> }, limitMs: number): Promise<boolean> {
  const found: unknown = await oldest.lean();
  if (typeof found !== 'object' || found === null || !('at' in found) || !(found.at instanceof Date)) return true;
  return ctx.clock.now().getTime() - found.at.getTime() < limitMs;
}
