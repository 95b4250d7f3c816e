import { findNewOrders, markDigestQueued, readDigestState, skipTo } from '../models/messaging/digest/new-orders.ts';
import { queueStaffEmail } from '../models/messaging/staff-email.ts';
import type { JobContext } from './context.ts';

const MINUTE_MS = 60_000;

/**
 * Emails staff of the orders that were paid since the last digest, at most as often as the settings say. The email comes
 * before the checkpoint, and its number makes it one: a process that dies in between, or a second worker, finds it. Returns the
 * number of orders. May be repeated and raced.
 */
export async function queueDigestOfOrders(ctx: JobContext): Promise<number> {
  const everyMinutes = await ctx.newOrdersMinutes();
  const now = ctx.clock.now();
  const state = await readDigestState(ctx.db, now);
  if (everyMinutes === 0 || (await ctx.staffAddresses()).length === 0) {
    // Orders that are paid meanwhile are not reported later, and no email waits for a first address.
    await skipTo(ctx.db, state, now);
    return 0;
  }
  if (state.at !== undefined && now.getTime() - state.at.getTime() < everyMinutes * MINUTE_MS) return 0;
  const found = await findNewOrders(ctx.db, state, now);
  if (found === null) {
    await skipTo(ctx.db, state, now);
    return 0;
  }
  const n = state.n + 1;
  const isNew = await queueStaffEmail(ctx.db, 'new_orders', { what: String(n), data: found, now });
  await markDigestQueued(ctx.db, n, now);
  if (!isNew) return 0;
  await ctx.jobs.enqueueEmails();
  return found.count;
}
