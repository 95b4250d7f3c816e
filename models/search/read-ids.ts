import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { TOKEN_INDEX } from './order-search-document.ts';

export interface IdRange {
  $gte?: Types.ObjectId;
  $gt?: Types.ObjectId;
  $lt?: Types.ObjectId;
}

/** The order of ids is the order in which their orders were placed. */
export interface Ordered {
  /** Newest first when missing. */
  oldestFirst?: boolean;
}

/** The index is read from its end for the oldest. */
export function inOrder({ oldestFirst = false }: Ordered): { $sort: { _id: 1 | -1 } } {
  return { $sort: { _id: oldestFirst ? 1 : -1 } };
}

/** The part of the range behind `id` in this order. */
export function behind(range: IdRange, id: Types.ObjectId, { oldestFirst = false }: Ordered): IdRange {
  if (!oldestFirst) return { ...range, $lt: range.$lt !== undefined && isBefore(range.$lt, id) ? range.$lt : id };
  const { $gte, ...rest } = range;
  return $gte !== undefined && isBefore(id, $gte) ? range : { ...rest, $gt: id };
}

export function isBefore(a: Types.ObjectId, b: Types.ObjectId): boolean {
  return a.toHexString() < b.toHexString();
}

/** A reply holds all ids at once; the default of 101 would take a second round trip. */
const ONE_REPLY = 10_000;

/**
 * The ids of the rows that the stages leave. With a hint, because the query planner may take a range of ids for more
 * selective than a word.
 */
export async function readIds(db: Database, stages: object[]): Promise<Types.ObjectId[]> {
  const rows = await driverCollection(db.orderSearch)
    .aggregate<{ _id: Types.ObjectId }>([...stages, { $project: { _id: 1 } }], {
      hint: TOKEN_INDEX,
      batchSize: ONE_REPLY,
    })
    .toArray();
  return rows.map(({ _id }) => _id);
}

export function idCondition(ids: IdRange): { _id?: IdRange } {
  return Object.keys(ids).length === 0 ? {} : { _id: ids };
}

/**
 * A regular expression, because `$gte` and `$lt` on a list of tokens may be met by two different tokens. The server reads
 * the range of the index that begins with these characters.
 */
export function beginsWith(prefix: string): RegExp {
  return new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
