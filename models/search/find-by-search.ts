/** Reads the ids of the orders that agree with a search, newest first. Every step is bounded, whatever the search is. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { TOKEN_INDEX } from './order-search-document.ts';
import type { SearchAlternative } from './parse-search.ts';

/**
 * So many rows of the rarest word, newest first, are compared with the other words. So many rows of a beginning are sorted
 * by age. 20,000 take some 100 ms.
 */
const MAX_SCANNED = 20_000;
/** Words that occur more often than this count as equally frequent. */
const COUNTED = 1_000;

/** A reply holds all ids of a page and its count; the default of 101 would take a second round trip. */
const ONE_REPLY = 2_000;

export interface SearchScope {
  /** Each must match any of the alternatives. */
  alternatives: readonly SearchAlternative[];
  /** Tokens that each order must have besides, like its status. */
  filters: readonly string[];
  /** Conditions on the ids. */
  ids: { $gte?: Types.ObjectId; $lt?: Types.ObjectId };
  limit: number;
}

export async function findIdsBySearch(db: Database, scope: SearchScope): Promise<Types.ObjectId[]> {
  const singles = scope.alternatives.filter(isSingle).flatMap(({ all }) => all);
  const others = scope.alternatives.filter((alternative) => !isSingle(alternative));
  const found = await Promise.all([
    singles.length === 0 ? [] : idsOfTokens(db, scope, { $in: singles }, scope.filters),
    ...others.map(({ all, prefix }) =>
      all.length === 0 ? idsOfPrefix(db, scope, prefix ?? '') : idsOfAll(db, scope, all, prefix),
    ),
  ]);
  const ids = new Map(found.flat().map((id) => [id.toHexString(), id]));
  const newestFirst = [...ids.entries()].sort(([a], [b]) => (a < b ? 1 : -1));
  return newestFirst.slice(0, scope.limit).map(([, id]) => id);
}

const isSingle = ({ all, prefix }: SearchAlternative) => all.length === 1 && prefix === undefined;

type Condition = string | { $in: string[] };

/** One token, or any of several: the index gives the rows of each newest first, and the server merges them. */
async function idsOfTokens(
  db: Database,
  { ids, limit }: SearchScope,
  t: Condition,
  besides: readonly (string | RegExp)[],
): Promise<Types.ObjectId[]> {
  const rest =
    besides.length === 0 ? [] : [{ $limit: MAX_SCANNED }, { $match: { $and: besides.map((one) => ({ t: one })) } }];
  return read(db, [{ $match: { t, ...idCondition(ids) } }, { $sort: { _id: -1 } }, ...rest, { $limit: limit }]);
}

/** Several tokens: the rows of the rarest one are read. */
async function idsOfAll(
  db: Database,
  scope: SearchScope,
  all: readonly string[],
  prefix: string | undefined,
): Promise<Types.ObjectId[]> {
  const [rarest = '', ...others] = await byFrequency(db, all);
  const besides = [...others, ...scope.filters, ...(prefix === undefined ? [] : [beginsWith(prefix)])];
  return idsOfTokens(db, scope, rarest, besides);
}

/** The rarest first. */
async function byFrequency(db: Database, tokens: readonly string[]): Promise<string[]> {
  const counted = await Promise.all(
    tokens.map(async (token) => {
      const count = await driverCollection(db.orderSearch).countDocuments(
        { t: token },
        { limit: COUNTED, hint: TOKEN_INDEX },
      );
      return { token, count };
    }),
  );
  return counted.sort((a, b) => a.count - b.count).map(({ token }) => token);
}

/** A range of the index, which is not in the order of the ids; the index alone answers it. */
async function idsOfPrefix(
  db: Database,
  { ids, limit, filters }: SearchScope,
  prefix: string,
): Promise<Types.ObjectId[]> {
  const rest = filters.length === 0 ? [] : [{ $match: { t: { $all: [...filters] } } }];
  return read(db, [
    { $match: { t: beginsWith(prefix), ...idCondition(ids) } },
    { $limit: MAX_SCANNED },
    ...rest,
    { $sort: { _id: -1 } },
    { $limit: limit },
  ]);
}

/**
 * A regular expression, because `$gte` and `$lt` on a list of tokens may be met by two different tokens. The server reads
 * the range of the index that begins with these characters.
 */
function beginsWith(prefix: string): RegExp {
  return new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

function idCondition(ids: SearchScope['ids']): { _id?: SearchScope['ids'] } {
  return Object.keys(ids).length === 0 ? {} : { _id: ids };
}

/** With a hint, because the query planner may take a range of ids for more selective than a word. */
async function read(db: Database, stages: object[]): Promise<Types.ObjectId[]> {
  const rows = await driverCollection(db.orderSearch)
    .aggregate<{ _id: Types.ObjectId }>([...stages, { $project: { _id: 1 } }], {
      hint: TOKEN_INDEX,
      batchSize: ONE_REPLY,
    })
    .toArray();
  return rows.map(({ _id }) => _id);
}
