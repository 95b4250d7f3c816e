/**
 * Batches lookups and writes of single documents into one MongoDB command, by the `dataloader` package. Its cache is off: a
 * loader outlives requests, so a cached value would be older than the request.
 */
import DataLoader from 'dataloader';
import { whenQuiet } from './when-quiet.ts';

/** Bounds the size of one command, and the number of calls that one failure rejects. */
const MAX_BATCH_SIZE = 200;
/**
 * Values in the order of `keys`; the same key occurs twice where two callers load it. An Error in the place of a value
 * rejects that load alone; a rejection rejects each load of the batch.
 */
type BatchFn<Source, Key, Value> = (source: Source, keys: readonly Key[]) => Promise<readonly (Value | Error)[]>;

/**
 * A function that loads one key. A lone caller's batch is sent by setImmediate, after everything that this tick read from
 * its sockets. After a batch of more than one, the next one collects until no more calls come, or for `windowMs` if given.
 * Each source (a database) has batches of its own. Not for use inside transactions.
 */
export function batchLoader<Source extends object, Key, Value>(
  batchFn: BatchFn<Source, Key, Value>,
  { windowMs }: { windowMs?: number } = {},
): (source: Source, key: Key) => Promise<Value> {
  const loads = new WeakMap<Source, (key: Key) => Promise<Value>>();
  const loadFrom = (source: Source): ((key: Key) => Promise<Value>) => {
    const existing = loads.get(source);
    if (existing) return existing;
    let lastSize = 0;
    let waiting = 0;
    const schedule = (send: () => void) => {
      if (lastSize <= 1) setImmediate(send);
      else if (windowMs === undefined) whenQuiet(() => waiting, send);
      else setTimeout(send, windowMs);
    };
    const sendBatch = (keys: readonly Key[]) => {
      lastSize = keys.length;
      waiting -= keys.length;
      return batchFn(source, keys);
    };
    const loader = new DataLoader(sendBatch, {
      cache: false,
      maxBatchSize: MAX_BATCH_SIZE,
      batchScheduleFn: schedule,
    });
    const load = (key: Key) => {
      waiting += 1;
      return loader.load(key);
    };
    loads.set(source, load);
    return load;
  };
  return (source, key) => loadFrom(source)(key);
}

/** The documents by their ids as text. */
export function byId<T extends { _id: unknown }>(documents: readonly T[]): ReadonlyMap<string, T> {
  return new Map(documents.map((document) => [String(document._id), document]));
}

/**
 * A filter on one field: equal to one of the values. A single value stays plain, which the server answers faster by id.
 */
export function anyOf<T>(values: readonly T[]): T | { $in: T[] } {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : { $in: [...values] };
}
