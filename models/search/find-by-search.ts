/** Reads the ids of the orders that agree with a search, in their order. Every step is bounded, whatever the search is. */
import { MAX_COUNT } from '../contract/limits.ts';
import type { Database } from '../db/database.ts';
import { type FoundIds, idsOfAll } from './find-by-several.ts';
import type { SearchAlternative } from './parse-search.ts';
import { beginsWith, type IdRange, idCondition, inOrder, type Ordered, readIds } from './read-ids.ts';

/** Keys of a beginning that are sorted by age; some 20 ms. */
const MAX_KEYS = 10_000;

export interface SearchScope extends Ordered {
  /** Each order must agree with any of the alternatives. */
  alternatives: readonly SearchAlternative[];
  /** Tokens that each order must have besides, like its status. */
  filters: readonly string[];
  ids: IdRange;
  /** The ids of a page. More are returned where they cost nothing, for the count. */
  limit: number;
}

/** Newest first unless `oldestFirst`. At most MAX_COUNT + 1 ids. */
export async function findIdsBySearch(db: Database, scope: SearchScope): Promise<FoundIds> {
  const { alternatives, filters, oldestFirst = false } = scope;
  const isSingle = ({ all, prefix }: SearchAlternative) =>
    all.length === 1 && prefix === undefined && filters.length === 0;
  const singles = alternatives.filter(isSingle).flatMap(({ all }) => all);
  const others = alternatives.filter((alternative) => !isSingle(alternative));
  const found = await Promise.all([
    idsOfAny(db, scope, singles),
    ...others.map(({ all, prefix }) =>
      all.length === 0 ? idsOfPrefix(db, scope, prefix ?? '') : idsOfAll(db, scope, [...all, ...filters], prefix),
    ),
  ]);
  const ids = new Map(found.flatMap((one) => one.ids).map((id) => [id.toHexString(), id]));
  const sorted = [...ids.entries()].sort(([a], [b]) => (a < b === oldestFirst ? -1 : 1)).map(([, id]) => id);
  // Of several alternatives, each has been searched to another id.
  const [only, ...more] = others.length === 1 && singles.length === 0 ? found.slice(1) : [];
  const searchedTo = more.length === 0 ? only?.searchedTo : undefined;
  return {
    ids: sorted.slice(0, MAX_COUNT + 1),
    complete: found.every(({ complete }) => complete),
    ...(searchedTo === undefined ? {} : { searchedTo }),
  };
}

/** Any of these tokens: the index gives the rows of each in order, and the server merges them. */
async function idsOfAny(db: Database, scope: SearchScope, tokens: readonly string[]): Promise<FoundIds> {
  if (tokens.length === 0) return { ids: [], complete: true };
  const found = await readIds(db, [
    { $match: { t: { $in: [...tokens] }, ...idCondition(scope.ids) } },
    inOrder(scope),
    { $limit: MAX_COUNT + 1 },
  ]);
  return { ids: found, complete: true };
}

/** A range of the index, which is not in the order of the ids; the index alone answers it where there are no filters. */
async function idsOfPrefix(db: Database, scope: SearchScope, prefix: string): Promise<FoundIds> {
  const { ids, filters } = scope;
  const found = await readIds(db, [
    { $match: { t: beginsWith(prefix), ...idCondition(ids) } },
    { $limit: MAX_KEYS },
    inOrder(scope),
    { $limit: MAX_COUNT + 1 },
    ...(filters.length === 0 ? [] : [{ $match: { t: { $all: [...filters] } } }]),
  ]);
  return { ids: found, complete: filters.length === 0 };
}

/** The count that a page may show: null where the search would have had to read too much to know it. */
export function countOf({ ids, complete }: FoundIds): number | null {
  return complete || ids.length > MAX_COUNT ? ids.length : null;
}
