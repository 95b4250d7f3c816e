import type { Types } from 'mongoose';
import type { OrderView } from '../../models/contract/orders.ts';
import { getLatestOrderOfUser } from '../../models/order/queries/find-order.ts';
import type { AppContext } from '../context/app-context.ts';
import { toOrderView } from '../trpc/views/order-view.ts';

/**
 * Yields the order now and after each change: every state once, newer ones only. Ends after 15 minutes, when the client
 * disconnects, or when the process drains. Throws NOT_FOUND for another user's order, RATE_LIMITED at five subscriptions.
 */
export async function* subscribeToOrder(
  ctx: AppContext,
  { orderId, userId, signal }: { orderId: Types.ObjectId; userId: Types.ObjectId; signal: AbortSignal },
): AsyncGenerator<OrderView> {
  const release = ctx.subscriptionLimiter.take(userId);
  const notifier = createNotifier(signal, ctx.subscriptionLimiter.lifetimeMs);
  let stale = true;
  const unsubscribe = ctx.changeFeed.subscribe(orderId, () => {
    stale = true;
    notifier.wake();
  });
  try {
    let seen = 0;
    while (!notifier.isOver() && !ctx.changeFeed.over.aborted) {
      if (!stale) {
        await notifier.sleep();
        continue;
      }
      stale = false;
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

/**
 * Sleeps until wake(), the signal, or `lastsMs`. Without AbortSignal.any and AbortSignal.timeout, because those keep their
 * objects in memory until the timeout, however early the subscription ends.
 */
function createNotifier(signal: AbortSignal, lastsMs: number) {
  let over = signal.aborted;
  let wake: () => void = () => undefined;
  const end = () => {
    over = true;
    wake();
  };
  signal.addEventListener('abort', end, { once: true });
  const timer = setTimeout(end, lastsMs).unref();
  return {
    isOver: () => over,
    wake: () => wake(),
    /** Call it in the same tick as the check that nothing is new, or a wake() in between is lost. */
    sleep: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    dispose() {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    },
  };
}
