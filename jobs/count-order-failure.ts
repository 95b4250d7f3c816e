import type { Types } from 'mongoose';
import type { StuckLoop } from '../models/contract/statuses.ts';
import { countOwnFailure } from '../models/order/stuck/own-failures.ts';
import type { JobContext } from './context.ts';

/** Counts a failure of the loop on this order, and alerts when it is parked. */
export async function countOrderFailure(
  ctx: Pick<JobContext, 'db' | 'clock' | 'events'>,
  orderId: Types.ObjectId,
  loop: StuckLoop,
  error: unknown,
): Promise<void> {
  const counted = await countOwnFailure(ctx.db, orderId, loop, error, ctx.clock.now());
  if (counted?.parked) ctx.events.orderStuck({ orderId: String(orderId), loop, attempts: counted.attempts });
}
