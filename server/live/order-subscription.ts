import type { Types } from 'mongoose';
import type { OrderView } from '../../models/contract/orders.ts';
import { getLatestOrderOfUser } from '../../models/order/queries/find-order.ts';
import type { AppContext } from '../context/app-context.ts';
import { toOrderView } from '../trpc/views/order-view.ts';
import { createNotifier } from './notifier.ts';

interface OrderSubscription {
  orderId: Types.ObjectId;
  userId: Types.ObjectId;
  signal: AbortSignal;
  /** Throws when the caller's session has ended. */
  recheck: () => Promise<void>;
}

/**
 * Yields the order now and after each change: every state once, newer ones only. Ends after 15 minutes, when the client
 * disconnects, or when the process drains. Throws NOT_FOUND for another user's order, RATE_LIMITED at five subscriptions, and
 * before a later state is sent what `recheck` throws.
 */
export async function* subscribeToOrder(
  ctx: AppContext,
  { orderId, userId, signal, recheck }: OrderSubscription,
): AsyncGenerator<OrderView> {
  const release = ctx.subscriptionLimiter.take(userId);
  const notifier = createNotifier(signal, ctx.subscriptionLimiter.lifetimeMs);
  let seen = 0;
  let stale = true;
  const unsubscribe = ctx.changeFeed.subscribe(orderId, (version) => {
    // The change stream repeats the notification in memory.
    if (version !== null && version <= seen) return;
    stale = true;
    notifier.wake();
  });
  try {
    while (!notifier.isOver() && !ctx.changeFeed.over.aborted) {
      if (!stale) {
        await notifier.sleep();
        continue;
      }
      stale = false;
      // The call itself has just been authenticated.
      if (seen > 0) await recheck();
      const order = await getLatestOrderOfUser(ctx.db, orderId, userId);
      if (order.version <= seen) continue;
      seen = order.version;
      yield toOrderView(order, ctx.clock.now());
    }
  } finally {
    unsubscribe();
    notifier.dispose();
    release();
  }
}
