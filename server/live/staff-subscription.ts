import { setTimeout as delay } from 'node:timers/promises';
import type { Types } from 'mongoose';
import { MAX_CHANGES_AT_ONCE, type StaffChanges } from '../../models/contract/staff/staff-changes.ts';
import type { AppContext } from '../context/app-context.ts';
import { createNotifier } from './notifier.ts';

/** How long changes are collected, so that a busy shop sends one item a second instead of hundreds. */
const COLLECT_MS = 1_000;
/** The stream ends within this time after the account's role or session has ended. */
const RECHECK_MS = 5_000;

interface StaffSubscription {
  userId: Types.ObjectId;
  signal: AbortSignal;
  /** Throws when the account may no longer see this. */
  recheck: () => Promise<void>;
}

/**
 * Yields what has changed, by kind and id alone: the pages read it by their own calls, each with its permission. The first
 * item says `more`, because changes before it are unknown. Ends after 15 minutes, when the client disconnects or when the
 * process drains. Throws what `recheck` throws, RATE_LIMITED at five subscriptions.
 */
export async function* subscribeToShop(
  ctx: AppContext,
  { userId, signal, recheck }: StaffSubscription,
): AsyncGenerator<StaffChanges> {
  const release = ctx.subscriptionLimiter.take(userId);
  const notifier = createNotifier(signal, ctx.subscriptionLimiter.lifetimeMs, RECHECK_MS);
  const changed = new Set<string>();
  let more = true;
  const confirmed = new Set<string>();
  const unsubscribe = ctx.changeFeed.subscribeToAll((orderId, isConfirmed) => {
    if (orderId === null || (changed.size >= MAX_CHANGES_AT_ONCE && !changed.has(orderId))) more = true;
    else {
      changed.add(orderId);
      if (isConfirmed) confirmed.add(orderId);
    }
    notifier.wake();
  });
  const isOver = () => notifier.isOver() || ctx.changeFeed.over.aborted;
  try {
    while (!isOver()) {
      await recheck();
      // It may have ended meanwhile, and nothing would wake it.
      if (isOver()) break;
      if (!more && changed.size === 0) {
        await notifier.sleep();
        continue;
      }
      const item = { changes: [...changesOf('order', changed), ...changesOf('confirmed', confirmed)], more };
      changed.clear();
      confirmed.clear();
      more = false;
      yield item;
      await delay(COLLECT_MS, undefined, { ref: false });
    }
  } finally {
    unsubscribe();
    notifier.dispose();
    release();
  }
}

type Change = StaffChanges['changes'][number];

function changesOf(kind: Change['kind'], ids: ReadonlySet<string>): Change[] {
  return [...ids].map((id) => ({ kind, id }));
}
