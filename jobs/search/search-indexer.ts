/**
 * Writes the search rows of changed orders in the background, so that no request, job or settlement waits for them. The
 * queue is memory alone: a process that dies loses it, and the sweep finds the rows that are missing or outdated.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Types } from 'mongoose';
import type { Database } from '../../models/db/database.ts';
import { writeSearchOf } from '../../models/search/write-search.ts';
import type { JobEvents } from '../events.ts';

/** Orders of one read and one bulk of writes, some 20 ms of the database's time. */
const BATCH_SIZE = 100;
/**
 * How long changes are collected while less than a batch waits, ms. A purchase changes its order three times within it, and
 * its row is written once.
 */
const COLLECT_MS = 500;
/** Between two batches of a backlog, ms, so that a flash sale's settlement keeps most of the database's time. */
const PAUSE_MS = 50;
/** Some 10 MB. The sweep finds the orders beyond. */
const MAX_QUEUED = 100_000;
/** A stopping process writes for so long, ms; the sweep finds the rest. */
const STOP_MS = 1_000;

export interface SearchIndexer {
  /** Queues the order; changes of one order before its turn are written once. Never throws. */
  add(orderId: Types.ObjectId): void;
  /** Collects no longer, and resolves once every queued order is written, or has failed. */
  idle(): Promise<void>;
  /** Writes what is queued, for a short time. May be repeated. */
  stop(): Promise<void>;
}

export function createSearchIndexer(db: Database, events: Pick<JobEvents, 'searchWriteFailed'>): SearchIndexer {
  const queued = new Set<string>();
  let running: Promise<void> | null = null;
  let isStopping = false;
  let endPause: () => void = () => undefined;
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const drain = async () => {
    await pause(COLLECT_MS);
    while (queued.size > 0) {
      const batch = [...take(queued, BATCH_SIZE)];
      try {
        await writeSearchOf(
          db,
          batch.map((id) => new Types.ObjectId(id)),
        );
      } catch (err) {
        events.searchWriteFailed({ err, count: batch.length });
      }
      if (queued.size > 0 && !isStopping) await pause(queued.size < BATCH_SIZE ? COLLECT_MS : PAUSE_MS);
    }
  };
  const start = () => {
    running ??= drain().finally(() => {
      running = null;
      if (queued.size > 0) start();
    });
  };
  const idle = async () => {
    while (running !== null) {
      endPause();
      await running;
    }
  };
  return {
    add(orderId) {
      if (queued.size >= MAX_QUEUED) return;
      queued.add(orderId.toHexString());
      start();
    },
    idle,
    async stop() {
      isStopping = true;
      const timer = new AbortController();
      await Promise.race([idle(), delay(STOP_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
      queued.clear();
      // The batch in flight ends before the connection closes.
      await idle();
    },
  };
}

/** Takes the oldest out of the set. */
function* take(queued: Set<string>, count: number): Generator<string> {
  let taken = 0;
  for (const id of queued) {
    if (taken >= count) return;
    queued.delete(id);
    taken += 1;
    yield id;
  }
}
