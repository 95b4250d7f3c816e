import type { mongo, Types } from 'mongoose';
import type { OrderWatchers } from '../../jobs/context.ts';
import type { OrderStatus } from '../../models/contract/statuses.ts';
import { watchChanges } from '../../models/db/change-stream.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Events } from '../observability/events.ts';

/** `isConfirmed`: a settlement has just confirmed it. */
type OnAnyChange = (orderId: string | null, isConfirmed: boolean) => void;

export interface ChangeFeed extends OrderWatchers {
  /**
   * Calls `onChange` after each change of the order and after stop(); extra calls are possible. `version` is the order's after
   * the change, null where it is not known. Returns the unsubscribe function.
   */
  subscribe(orderId: Types.ObjectId, onChange: (version: number | null) => void): () => void;
  /** The same for the changes of all orders; `orderId` is null where it is not known which have changed. */
  subscribeToAll(onChange: OnAnyChange): () => void;
  /** Ends the stream and notifies every subscriber. */
  stop(): Promise<void>;
  /** Aborted by stop(). */
  readonly over: AbortSignal;
}

/** Transfers the ids, versions and states of changed orders only. */
const CHANGED = [
  { $match: { operationType: { $in: ['insert', 'update', 'replace'] } } },
  {
    $project: {
      documentKey: 1,
      version: '$updateDescription.updatedFields.version',
      status: '$updateDescription.updatedFields.status',
      reservation: '$updateDescription.updatedFields.reservation',
    },
  },
];

type Changed = mongo.ChangeStreamDocument & { version?: number; status?: OrderStatus; reservation?: string };

/** An order goes back to this status, too, when a shipment is voided; only a settlement takes the stock. */
function isConfirmation({ status, reservation }: Changed): boolean {
  return status === 'confirmed' && reservation === 'committed';
}

/**
 * Notifies subscribers of changed orders; they then read the order. The process that changes an order notifies its own
 * subscribers in memory, and one change stream per process those of all others. The stream opens with the first subscriber.
 * Each time it opens again, every subscriber is notified, because changes may have been missed.
 */
export function createChangeFeed(db: Database, events: Events): ChangeFeed {
  const subscribers = new Map<string, Set<(version: number | null) => void>>();
  const subscribersToAll = new Set<OnAnyChange>();
  const over = new AbortController();
  let unfollow: (() => Promise<void>) | undefined;

  const notify = (orderId: string, version: number | null) => {
    for (const listener of subscribers.get(orderId) ?? []) listener(version);
  };
  const notifyAll = () => {
    for (const orderId of subscribers.keys()) notify(orderId, null);
    for (const listener of subscribersToAll) listener(null, false);
  };
  const onChange = (orderId: string, change: Changed) => {
    notify(orderId, change.version ?? null);
    for (const listener of subscribersToAll) listener(orderId, isConfirmation(change));
  };
  const follow = () => {
    if (over.signal.aborted) return;
    unfollow ??= watchChanges<Changed>(db, driverCollection(db.orders), CHANGED, {
      onOpen: notifyAll,
      onChange: (change) => {
        if ('documentKey' in change) onChange(String(change.documentKey._id), change);
      },
      onBreak: (err) => events.mongoError({ err, source: 'order watch' }),
    });
  };

  return {
    over: over.signal,
    notify: (orderId) => notify(String(orderId), null),
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
