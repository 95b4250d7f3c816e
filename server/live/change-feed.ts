/**
 * Tells subscribers that an order changed: one change stream per process, fanned out. The stream carries ids only;
 * subscribers read. It is opened with the first subscriber, and whenever it is opened again every subscriber is told to
 * read, because changes may have been missed.
 */
import type { Types } from 'mongoose';
import { watchChanges } from '../../models/db/change-stream.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Events } from '../observability/events.ts';

export interface ChangeFeed {
  /** Calls `onChange` after each change of the order and when it is over; perhaps once too often, never too seldom. Gives the way out. */
  subscribe(orderId: Types.ObjectId, onChange: () => void): () => void;
  /** Ends the stream and tells every subscriber that it is over. */
  stop(): Promise<void>;
  /** Aborted by stop(). */
  readonly over: AbortSignal;
}

/** Of each change, all that is asked of the server. */
const CHANGED = [{ $match: { operationType: { $in: ['update', 'replace'] } } }, { $project: { documentKey: 1 } }];

export function createChangeFeed(db: Database, events: Events): ChangeFeed {
  const subscribers = new Map<string, Set<() => void>>();
  const over = new AbortController();
  let unfollow: (() => Promise<void>) | undefined;

  const tell = (listeners: Iterable<() => void> | undefined) => {
    for (const listener of listeners ?? []) listener();
  };
  const tellAll = () => {
    for (const listeners of subscribers.values()) tell(listeners);
  };

  return {
    over: over.signal,
    subscribe(orderId, onChange) {
      const key = String(orderId);
      const listeners = subscribers.get(key) ?? new Set();
      subscribers.set(key, listeners.add(onChange));
      if (!over.signal.aborted) {
        unfollow ??= watchChanges(db, driverCollection(db.orders), CHANGED, {
          onOpen: tellAll,
          onChange: (change) => {
            if ('documentKey' in change) tell(subscribers.get(String(change.documentKey._id)));
          },
          onBreak: (err) => events.mongoError({ err, source: 'order watch' }),
        });
      }
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) subscribers.delete(key);
      };
    },
    async stop() {
      over.abort();
      tellAll();
      await unfollow?.();
    },
  };
}
