/** Searches of several words over tens of thousands of orders: complete over the pages, and bounded in each. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { countOf, findIdsBySearch } from '../../models/search/find-by-search.ts';
import { openOwnDatabase } from '../support/orders.ts';

const ROWS = 12_000;
/** A row in so many has both of the words that seldom meet. */
const RARE = 600;

let db: Database;
/** More rows than one search compares; the last one alone has both words. */
const fillers = Array.from({ length: 42_000 }, (_, n) => ({
  _id: new Types.ObjectId(),
  v: 1,
  t: n === 41_999 ? ['w:left', 'w:right'] : [n % 2 === 0 ? 'w:left' : 'w:right'],
}));
/** In the order of the rows, oldest first. */
let ids: Types.ObjectId[];
beforeAll(async () => {
  db = await openOwnDatabase();
  ids = Array.from({ length: ROWS }, () => new Types.ObjectId());
  const rows = ids.map((_id, n) => {
    const both = n % RARE === 0;
    const t = [n % 2 === 0 || both ? 'w:even' : 'w:odd', both ? 'w:odd' : 'w:plain', `w:word${n}`, 'st:delivered'];
    return { _id, v: 1, t: n % 100 === 0 ? [...t, 'w:hundred'] : t };
  });
  await driverCollection(db.orderSearch).insertMany(rows);
}, 30_000);
afterAll(() => db.connection.close());

const newestFirst = (matches: (n: number) => boolean) => ids.filter((_, n) => matches(n)).reverse();

/** All pages of a search, until one says that nothing follows; no search here has twenty pages. */
async function pagesOf(all: string[], limit: number, filters: string[] = []): Promise<Types.ObjectId[]> {
  const found: Types.ObjectId[] = [];
  for (let page = 0; page < 20; page += 1) {
    const last = found.at(-1);
    const range = last === undefined ? {} : { $lt: last };
    const scope = { alternatives: [{ all }], filters, ids: range, limit: limit + 1 };
    const one = await findIdsBySearch(db, scope);
    found.push(...one.ids.slice(0, limit));
    if (one.ids.length <= limit) return found;
  }
  return found;
}

test('two frequent words that seldom meet find every order that has both, newest first', async () => {
  const both = newestFirst((n) => n % RARE === 0);
  expect(await pagesOf(['w:even', 'w:odd'], 5)).toEqual(both);
  expect(await pagesOf(['w:odd', 'w:even'], 50)).toEqual(both);
});

test('the oldest come first where that is asked for, and a search that ends early says up to where', async () => {
  const scope = { filters: [], ids: {}, limit: 6, oldestFirst: true };
  const both = newestFirst((n) => n % RARE === 0).reverse();
  const first = await findIdsBySearch(db, { ...scope, alternatives: [{ all: ['w:even', 'w:odd'] }] });
  expect(first.ids.slice(0, 6)).toEqual(both.slice(0, 6));
  const never = { ...scope, alternatives: [{ all: ['st:delivered', 'w:plain', 'w:nothing'] }] };
  expect(await findIdsBySearch(db, never)).toEqual({ ids: [], complete: true });
  await driverCollection(db.orderSearch).insertMany(fillers);
  const ended = await findIdsBySearch(db, { ...scope, alternatives: [{ all: ['w:left', 'w:right'] }] });
  expect(ended).toMatchObject({ ids: [], complete: false });
  const { searchedTo = ids[0] ?? new Types.ObjectId() } = ended;
  const rest = { ...scope, alternatives: [{ all: ['w:left', 'w:right'] }], ids: { $gt: searchedTo } };
  expect(await findIdsBySearch(db, rest)).toEqual({ ids: [fillers.at(-1)?._id], complete: true });
});

test('a rare word beside a frequent one is complete on the first page, with its count', async () => {
  const scope = { alternatives: [{ all: ['w:hundred', 'w:odd'] }], filters: ['st:delivered'], ids: {}, limit: 6 };
  const found = await findIdsBySearch(db, scope);
  expect(found.ids).toEqual(newestFirst((n) => n % RARE === 0));
  expect(countOf(found)).toBe(ROWS / RARE);
});

test('frequent words that often meet fill a page without their count', async () => {
  const scope = { alternatives: [{ all: ['w:even', 'w:plain'] }], filters: [], ids: {}, limit: 21 };
  const found = await findIdsBySearch(db, scope);
  const expected = newestFirst((n) => n % 2 === 0 && n % RARE !== 0);
  expect(found.ids.slice(0, 21)).toEqual(expected.slice(0, 21));
  expect(countOf(found)).toBeNull();
});

test('words that never meet find nothing, and this is known', async () => {
  const scope = { alternatives: [{ all: ['w:plain', 'w:hundred', 'w:word600'] }], filters: [], ids: {}, limit: 21 };
  expect(await findIdsBySearch(db, scope)).toEqual({ ids: [], complete: true });
});
