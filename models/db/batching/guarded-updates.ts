/**
 * Updates of single documents under a compare-and-set, many in one command. Each caller learns of its own document whether
 * the guard held.
 */
import type mongoose from 'mongoose';
import type { Database } from '../database.ts';
import { batchLoader } from './batch-loader.ts';
import { failuresOf } from './write-failures.ts';

export interface GuardedUpdate<T> {
  _id: mongoose.Types.ObjectId;
  /** The value of the guarding field on which the update was decided. */
  guard: number;
  /** Moves the guarding field. */
  update: mongoose.mongo.UpdateFilter<T>;
}

const DUPLICATE_KEY = 11_000;
const DOCUMENT_VALIDATION_FAILURE = 121;

/**
 * Writes all and returns for each, in the order given, whether its guard held. The error of one write is in its place, and
 * fails no other. Two writes of one document: the first one holds. Throws what fails the whole command; each write may
 * then have happened, as with a single one.
 *
 * The server reports only how many documents matched. So each write is an upsert. Where the guard fails, the server tries
 * to insert, and the unique `_id` makes that an error with the write's own place. A missing document is inserted: of a
 * collection without deletions only the first write of a document can meet that.
 */
export async function writeGuarded<T extends object>(
  collection: mongoose.mongo.Collection<T>,
  field: keyof T & string,
  writes: readonly GuardedUpdate<T>[],
): Promise<(boolean | Error)[]> {
  const failures = await tryAll(collection, field, writes);
  if (failures.size === 0) return writes.map(() => true);
  const unmoved = await findUnmoved(collection, field, writes, failures);
  return writes.map((_, index) => {
    const failure = failures.get(index);
    if (failure === undefined) return true;
    return isLostGuard(failure) && !unmoved.has(index) ? false : failure;
  });
}

/** One call of writeGuarded for the writes of one window. */
export function guardedUpdates<T extends object>(
  collectionOf: (db: Database) => mongoose.mongo.Collection<T>,
  field: keyof T & string,
) {
  return batchLoader((db: Database, writes: readonly GuardedUpdate<T>[]) =>
    writeGuarded(collectionOf(db), field, writes),
  );
}

/** The failed writes by their places. */
async function tryAll<T extends object>(
  collection: mongoose.mongo.Collection<T>,
  field: keyof T & string,
  writes: readonly GuardedUpdate<T>[],
): Promise<Map<number, mongoose.mongo.MongoServerError>> {
  // The driver's types do not derive a filter on a field that is a parameter.
  const operations = writes.map(({ _id, guard, update }) => ({
    updateOne: { filter: { _id, [field]: guard }, update, upsert: true },
  })) as mongoose.mongo.AnyBulkWriteOperation<T>[];
  return failuresOf(() => collection.bulkWrite(operations, { ordered: false }));
}

/** Another unique index than that of `_id` refuses the update itself. */
function isLostGuard({ code, message }: mongoose.mongo.MongoServerError): boolean {
  return code === DOCUMENT_VALIDATION_FAILURE || (code === DUPLICATE_KEY && / index: _id_ /.test(message));
}

/**
 * The writes whose document still has the guard's value: the update itself was refused. A validator refuses the insertion
 * after a lost guard with the same code, before the `_id` is compared.
 */
async function findUnmoved<T extends object>(
  collection: mongoose.mongo.Collection<T>,
  field: keyof T & string,
  writes: readonly GuardedUpdate<T>[],
  failures: ReadonlyMap<number, mongoose.mongo.MongoServerError>,
): Promise<Set<number>> {
  const refused = [...failures].filter(([, { code }]) => code === DOCUMENT_VALIDATION_FAILURE).map(([index]) => index);
  if (refused.length === 0) return new Set();
  const ids = refused.flatMap((index) => writes[index]?._id ?? []);
  const filter = { _id: { $in: ids } } as mongoose.mongo.Filter<T>;
  const found = await collection.find<Record<string, unknown>>(filter, { projection: { [field]: 1 } }).toArray();
  const stored = new Map(found.map((document) => [String(document._id), document[field]]));
  return new Set(refused.filter((index) => stored.get(String(writes[index]?._id)) === writes[index]?.guard));
}
