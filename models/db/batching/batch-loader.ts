/**
 * Batches lookups and writes of single documents into one MongoDB command, by the `dataloader` package. Its cache is off: a
 * loader outlives requests, so a cached value would be older than the request.
 */
import DataLoader from 'dataloader';

/** Bounds the size of one command, and the number of calls that one failure rejects. */
const MAX_BATCH_SIZE = 200;
/** How long a busy loader collects, ms: about the time of one command, so that a command is awaited while another fills. */
const WINDOW_MS = 4;

/**
 * Values in the order of `keys`; the same key occurs twice where two callers load it. An Error in the place of a value
 * rejects that load alone; a rejection rejects each load of the batch.
 */
type BatchFn<Source, Key, Value> = (source: Source, keys: readonly Key[]) => Promise<readonly (Value | Error)[]>;

/**
 * A function that loads one key. A lone caller's batch is sent by setImmediate, after everything that this tick read from
 * its sockets. After a batch of more than one, the next one collects for `windowMs`. Each source (a database) has batches of
 * its own. Not for use inside transactions.
 */
export function batchLoader<Source extends object, Key, Value>(
  batchFn: BatchFn<Source, Key, Value>,
  { windowMs = WINDOW_MS }: { windowMs?: number } = {},
): (source: Source, key: Key) => Promise<Value> {
  const loaders = new WeakMap<Source, DataLoader<Key, Value>>();
  const loaderOf = (source: Source): DataLoader<Key, Value> => {
    const existing = loaders.get(source);
    if (existing) return existing;
    let lastSize = 0;
    const created = new DataLoader<Key, Value>(
      (keys) => {
        lastSize = keys.length;
        return batchFn(source, keys);
      },
      {
        cache: false,
        maxBatchSize: MAX_BATCH_SIZE,
        batchScheduleFn: (send) => (lastSize > 1 ? setTimeout(send, windowMs) : setImmediate(send)),
      },
    );
    loaders.set(source, created);
    return created;
  };
  return (source, key) => loaderOf(source).load(key);
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
