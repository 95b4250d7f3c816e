/** The orders that have several tokens. No index answers that, so the cheapest of three ways is taken. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { TOKEN_INDEX } from './order-search-document.ts';
import { beginsWith, type IdRange, idCondition, readIds } from './read-ids.ts';

/** Rows that may be read and compared one by one; some 20 ms. */
const MAX_ROWS = 1_000;
/** Newest rows of a frequent token that are tried before all ids of all tokens are compared. */
const PROBED_ROWS = 500;
/** Ids of each token that are compared at once, and how often; the next page goes on where they end. */
const WINDOW = 5_000;
const MAX_WINDOWS = 4;

export interface FoundIds {
  /** Newest first. */
  ids: Types.ObjectId[];
  /** False where more orders may agree. */
  complete: boolean;
}

interface Scope {
  ids: IdRange;
  limit: number;
}

/** The orders with all tokens, and one that begins with `prefix`. */
export async function idsOfAll(
  db: Database,
  scope: Scope,
  tokens: readonly string[],
  prefix: string | undefined,
): Promise<FoundIds> {
  const [rarest, ...others] = await byFrequency(db, tokens);
  if (rarest === undefined) return { ids: [], complete: true };
  const conditions = [...others.map(({ token }) => token), ...(prefix === undefined ? [] : [beginsWith(prefix)])];
  const compareRows = (limit: number) => idsOfRows(db, scope.ids, { token: rarest.token, conditions, limit });
  if (rarest.count < MAX_ROWS) return { ids: await compareRows(MAX_ROWS), complete: true };
  const probed = await compareRows(PROBED_ROWS);
  if (probed.length >= scope.limit || prefix !== undefined) return { ids: probed, complete: false };
  return intersect(db, scope, tokens);
}

/** The rarest first; more frequent ones than MAX_ROWS count the same. */
async function byFrequency(db: Database, tokens: readonly string[]): Promise<{ token: string; count: number }[]> {
  const counted = await Promise.all(
    tokens.map(async (token) => ({
      token,
      count: await driverCollection(db.orderSearch).countDocuments(
        { t: token },
        { limit: MAX_ROWS, hint: TOKEN_INDEX },
      ),
    })),
  );
  return counted.sort((a, b) => a.count - b.count);
}

/** The newest `limit` rows of one token that agree with the other conditions. */
function idsOfRows(
  db: Database,
  ids: IdRange,
  { token, conditions, limit }: { token: string; conditions: (string | RegExp)[]; limit: number },
): Promise<Types.ObjectId[]> {
  return readIds(db, [
    { $match: { t: token, ...idCondition(ids) } },
    { $sort: { _id: -1 } },
    { $limit: limit },
    ...(conditions.length === 0 ? [] : [{ $match: { $and: conditions.map((t) => ({ t })) } }]),
  ]);
}

/** The ids that the index has under every token, window by window from the newest; no row is read. */
async function intersect(db: Database, { ids, limit }: Scope, tokens: readonly string[]): Promise<FoundIds> {
  const found: Types.ObjectId[] = [];
  let range = ids;
  for (let window = 0; window < MAX_WINDOWS && found.length < limit; window += 1) {
    const lists = await Promise.all(tokens.map((token) => newestIds(db, token, range)));
    const end = lowestCommon(lists);
    found.push(...common(lists, end));
    if (end === null) return { ids: found, complete: true };
    range = { ...range, $lt: end };
  }
  return { ids: found, complete: false };
}

function newestIds(db: Database, token: string, ids: IdRange): Promise<Types.ObjectId[]> {
  return readIds(db, [{ $match: { t: token, ...idCondition(ids) } }, { $sort: { _id: -1 } }, { $limit: WINDOW }]);
}

/** The id down to which every list is complete; null if all are complete to their end. */
function lowestCommon(lists: readonly Types.ObjectId[][]): Types.ObjectId | null {
  const ends = lists.flatMap((list) => (list.length < WINDOW ? [] : list.slice(-1)));
  return ends.reduce<Types.ObjectId | null>((high, end) => (high === null || isBefore(high, end) ? end : high), null);
}

function common([first = [], ...others]: readonly Types.ObjectId[][], end: Types.ObjectId | null): Types.ObjectId[] {
  const sets = others.map((list) => new Set(list.map((id) => id.toHexString())));
  return first.filter((id) => (end === null || !isBefore(id, end)) && sets.every((set) => set.has(id.toHexString())));
}

function isBefore(a: Types.ObjectId, b: Types.ObjectId): boolean {
  return a.toHexString() < b.toHexString();
}
