/**
 * Tells subscribers that an order changed: one change stream per process, fanned out. The stream carries ids only;
 * subscribers read. It is opened with the first subscriber and reopened after a failover or lost history, and then every
 * subscriber is told to read again, because changes may have been missed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import mongoose, { type Types } from 'mongoose';
import { driverCollection } from '../models/connection.ts';
import type { Database } from '../models/database.ts';
import type { Events } from './events.ts';

const REOPEN_PAUSE_MS = 250;

export interface OrderWatch {
  /** Calls `onChange` after each change of the order and when it is over; perhaps once too often, never too seldom. Gives the way out. */
  subscribe(orderId: Types.ObjectId, onChange: () => void): () => void;
  /** Ends the stream and tells every subscriber that it is over. */
  stop(): Promise<void>;
  /** Aborted by stop(). */
  readonly over: AbortSignal;
}

export function createOrderWatch(db: Database, events: Events): OrderWatch {
  const subscribers = new Map<string, Set<() => void>>();
  const over = new AbortController();
  let following: Promise<void> | undefined;
  let closeStream: () => Promise<void> = async () => undefined;

  const tell = (listeners: Iterable<() => void> | undefined) => {
    for (const listener of listeners ?? []) listener();
  };

  const followOnce = async () => {
    // The stream tells what happened after this instant; whatever happened before it is read by everybody now.
    const startAtOperationTime = await operationTime(db);
    // From here to closeStream nothing is awaited: a stop finds either nothing opened or the stream to close.
    if (over.signal.aborted) return;
    for (const listeners of subscribers.values()) tell(listeners);
    const stream = driverCollection(db.orders).watch(
      [{ $match: { operationType: { $in: ['update', 'replace'] } } }, { $project: { documentKey: 1 } }],
      { maxAwaitTimeMS: 1_000, startAtOperationTime },
    );
    closeStream = () => stream.close();
    for await (const change of stream) {
      if ('documentKey' in change) tell(subscribers.get(String(change.documentKey._id)));
    }
  };

  const follow = async () => {
    while (!over.signal.aborted && subscribers.size > 0) {
      try {
        await followOnce();
      } catch (err) {
        if (over.signal.aborted) return;
        events.mongoError({ err, source: 'order watch' });
      }
      if (!over.signal.aborted) await delay(REOPEN_PAUSE_MS);
    }
    following = undefined;
  };

  return {
    over: over.signal,
    subscribe(orderId, onChange) {
      const key = String(orderId);
      const listeners = subscribers.get(key) ?? new Set();
      subscribers.set(key, listeners.add(onChange));
      following ??= follow();
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) subscribers.delete(key);
      };
    },
    async stop() {
      over.abort();
      for (const listeners of subscribers.values()) tell(listeners);
      await closeStream().catch(() => undefined);
      await following;
    },
  };
}

/** The server's logical time. A stream opens with its first read, too late for who needs to know from when on it tells. */
async function operationTime({ connection }: Database): Promise<mongoose.mongo.Timestamp> {
  const reply = await connection.db?.command({ ping: 1 });
  const time: unknown = reply?.operationTime;
  if (!(time instanceof mongoose.mongo.Timestamp)) throw new Error('The database did not tell its logical time.');
  return time;
}
