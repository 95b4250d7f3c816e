import type { Types } from 'mongoose';
import { watchChanges } from '../../models/db/change-stream.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Events } from '../observability/events.ts';

export interface ChangeFeed {
  /** Calls `onChange` after each change of the order and after stop(); extra calls are possible. Returns the unsubscribe function. */
  subscribe(orderId: Types.ObjectId, onChange: () => void): () => void;
  /** The same for the changes of all orders; `orderId` is null where it is not known which have changed. */
  subscribeToAll(onChange: (orderId: string | null) => void): () => void;
  /** Ends the stream and notifies every subscriber. */
  stop(): Promise<void>;
  /** Aborted by stop(). */
  readonly over: AbortSignal;
}

/** Transfers the ids of changed orders only. */
const CHANGED = [
  { $match: { operationType: { $in: ['insert', 'update', 'replace'] } } },
  { $project: { documentKey: 1 } },
];

/**
 * Notifies subscribers of changed orders by one change stream per process; subscribers then read the order. The stream opens
 * with the first subscriber. Each time it opens again, every subscriber is notified, because changes may have been missed.
 */
export function createChangeFeed(db: Database, events: Events): ChangeFeed {
  const subscribers = new Map<string, Set<() => void>>();
  const subscribersToAll = new Set<(orderId: string | null) => void>();
  const over = new AbortController();
  let unfollow: (() => Promise<void>) | undefined;

  const notify = (listeners: Iterable<() => void> | undefined) => {
    for (const listener of listeners ?? []) listener();
  };
  const notifyAll = () => {
    for (const listeners of subscribers.values()) notify(listeners);
    for (const listener of subscribersToAll) listener(null);
  };
  const onChange = (orderId: string) => {
    notify(subscribers.get(orderId));
    for (const listener of subscribersToAll) listener(orderId);
  };
  const follow = () => {
    if (over.signal.aborted) return;
    unfollow ??= watchChanges(db, driverCollection(db.orders), CHANGED, {
      onOpen: notifyAll,
      onChange: (change) => {
        if ('documentKey' in change) onChange(String(change.documentKey._id));
      },
      onBreak: (err) => events.mongoError({ err, source: 'order watch' }),
    });
  };

  return {
    over: over.signal,
    subscribe(orderId, listener) {
      const key = String(orderId);
      const listeners = subscribers.get(key) ?? new Set();
      subscribers.set(key, listeners.add(listener));
      follow();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) subscribers.delete(key);
      };
    },
    subscribeToAll(listener) {
      subscribersToAll.add(listener);
      follow();
      return () => subscribersToAll.delete(listener);
    },
    async stop() {
      over.abort();
      notifyAll();
      await unfollow?.();
    },
  };
}
