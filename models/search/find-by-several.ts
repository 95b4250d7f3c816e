/** The orders that have several tokens. No index answers that, so the cheapest of three ways is taken. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { TOKEN_INDEX } from './order-search-document.ts';
import { beginsWith, behind, type IdRange, idCondition, inOrder, isBefore, type Ordered, readIds } from './read-ids.ts';

/** Rows that may be read and compared one by one; some 20 ms. */
const MAX_ROWS = 1_000;
/** First rows of a frequent token that are tried before all ids of all tokens are compared. */
const PROBED_ROWS = 500;
/** Ids of each token that are compared at once, and how often; the next page goes on where they end. */
const WINDOW = 5_000;
const MAX_WINDOWS = 4;

export interface FoundIds {
  /** In the order of the search. */
  ids: Types.ObjectId[];
  /** False where more orders may agree. */
  complete: boolean;
  /** The id up to which every order was compared, where the search ended before it had enough. */
  searchedTo?: Types.ObjectId;
}

interface Scope extends Ordered {
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
  const compareRows = (limit: number) => idsOfRows(db, scope, { token: rarest.token, conditions, limit });
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

/** Of the first `limit` rows of one token, those that agree with the other conditions. */
function idsOfRows(
  db: Database,
  scope: Scope,
  { token, conditions, limit }: { token: string; conditions: (string | RegExp)[]; limit: number },
): Promise<Types.ObjectId[]> {
  return readIds(db, [
    { $match: { t: token, ...idCondition(scope.ids) } },
    inOrder(scope),
    { $limit: limit },
    ...(conditions.length === 0 ? [] : [{ $match: { $and: conditions.map((t) => ({ t })) } }]),
  ]);
}

/** The ids that the index has under every token, window by window from the first; no row is read. */
async function intersect(db: Database, scope: Scope, tokens: readonly string[]): Promise<FoundIds> {
  const found: Types.ObjectId[] = [];
  let range = scope.ids;
  let end: Types.ObjectId | null = null;
  for (let window = 0; window < MAX_WINDOWS && found.length < scope.limit; window += 1) {
    const lists = await Promise.all(tokens.map((token) => firstIds(db, token, { ...scope, ids: range })));
    end = commonEnd(lists, scope);
    found.push(...common(lists, end, scope));
    if (end === null) return { ids: found, complete: true };
    range = behind(range, end, scope);
  }
  return { ids: found, complete: false, ...(end === null ? {} : { searchedTo: end }) };
}

function firstIds(db: Database, token: string, scope: Scope): Promise<Types.ObjectId[]> {
  return readIds(db, [{ $match: { t: token, ...idCondition(scope.ids) } }, inOrder(scope), { $limit: WINDOW }]);
}

/** The id up to which every list is complete; null if all are complete to their end. */
function commonEnd(lists: readonly Types.ObjectId[][], order: Ordered): Types.ObjectId | null {
  const ends = lists.flatMap((list) => (list.length < WINDOW ? [] : list.slice(-1)));
  return ends.reduce<Types.ObjectId | null>(
    (first, end) => (first === null || isBehind(first, end, order) ? end : first),
    null,
  );
}

function common(
  [first = [], ...others]: readonly Types.ObjectId[][],
  end: Types.ObjectId | null,
  order: Ordered,
): Types.ObjectId[] {
  const sets = others.map((list) => new Set(list.map((id) => id.toHexString())));
  return first.filter(
    (id) => (end === null || !isBehind(id, end, order)) && sets.every((set) => set.has(id.toHexString())),
  );
}

/** True where `a` comes after `b` in this order. */
function isBehind(a: Types.ObjectId, b: Types.ObjectId, { oldestFirst = false }: Ordered): boolean {
  return oldestFirst ? isBefore(b, a) : isBefore(a, b);
}
