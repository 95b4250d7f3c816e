/**
 * One subscriber's view of an order: the current state first, then each change. Bounded per user; ends after 15 minutes,
 * when the client goes away, or when the process drains. Used by orders.watch.
 */
import type { Types } from 'mongoose';
import { getLatestOrderOfUser } from '../../models/order/find-order.ts';
import type { AppContext } from '../context/app-context.ts';
import { type OrderView, toOrderView } from '../trpc/views/order-view.ts';

/** Yields the order now and after each change; every state once, newer ones only. Throws NOT_FOUND for another's order. */
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
 * Sleep until somebody wakes us or it is over: the signal was given, or `lastsMs` have passed. By hand, because
 * AbortSignal.any and AbortSignal.timeout keep what they made until the timeout, however early the watching ends.
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
    /** Begin it only when nothing has happened since the last look; nothing can in between, as both are synchronous. */
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
