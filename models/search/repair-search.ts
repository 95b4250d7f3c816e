/** Finds orders whose search row is missing or outdated, because a process died after its commit, and writes the row. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { SearchRow } from './order-search-document.ts';
import { type SearchedOrder, toSearchTokens } from './order-tokens.ts';
import { SEARCHED_FIELDS, storeSearchRows } from './write-search.ts';

const BATCH_SIZE = 500;

export interface SearchRepair {
  checked: number;
  /** Rows that were missing or differed. */
  repaired: number;
  /** The last id that was checked; null once no order is left. */
  last: Types.ObjectId | null;
}

/**
 * Checks the next orders after `after`, oldest first. Orders changed later than `changedBefore` are left alone; null
 * checks all. May be repeated and raced.
 */
export async function repairSearchAfter(
  db: Database,
  after: Types.ObjectId | null,
  changedBefore: Date | null,
): Promise<SearchRepair> {
  return repair(db, after === null ? {} : { _id: { $gt: after } }, 1, changedBefore);
}

/** Checks the newest orders, like repairSearchAfter. */
export async function repairNewestSearch(db: Database, changedBefore: Date | null): Promise<SearchRepair> {
  return repair(db, {}, -1, changedBefore);
}

/**
 * Checks every order in batches by id. May be killed and repeated, and runs beside the shop: a second run only compares.
 * `onBatch` gets the counts so far.
 */
export async function rebuildSearch(
  db: Database,
  onBatch: (counts: Pick<SearchRepair, 'checked' | 'repaired'>) => void = () => undefined,
): Promise<Pick<SearchRepair, 'checked' | 'repaired'>> {
  const counts = { checked: 0, repaired: 0 };
  let after: Types.ObjectId | null = null;
  do {
    const batch: SearchRepair = await repairSearchAfter(db, after, null);
    counts.checked += batch.checked;
    counts.repaired += batch.repaired;
    onBatch({ ...counts });
    after = batch.last;
  } while (after !== null);
  return counts;
}

type OrderToRepair = SearchedOrder & { history: { at: Date }[] };

async function repair(
  db: Database,
  filter: { _id?: { $gt: Types.ObjectId } },
  sort: 1 | -1,
  changedBefore: Date | null,
): Promise<SearchRepair> {
  const orders = await driverCollection(db.orders)
    .find<OrderToRepair>(filter, {
      projection: { ...SEARCHED_FIELDS, 'history.at': 1 },
      sort: { _id: sort },
      limit: BATCH_SIZE,
    })
    .toArray();
  const checked = orders.filter(({ history }) => isOlder(history.at(-1)?.at, changedBefore));
  const rows = await driverCollection(db.orderSearch)
    .find({ _id: { $in: checked.map(({ _id }) => _id) } })
    .toArray();
  const stored = new Map(rows.map((row) => [String(row._id), row]));
  const wrong = checked
    .map((order): SearchRow => ({ _id: order._id, t: toSearchTokens(order), v: order.version }))
    .filter((row) => !isSame(row, stored.get(String(row._id))));
  await storeSearchRows(db, wrong);
  const last = orders.length < BATCH_SIZE ? null : (orders.at(-1)?._id ?? null);
  return { checked: checked.length, repaired: wrong.length, last };
}

function isOlder(changedAt: Date | undefined, bound: Date | null): boolean {
  return bound === null || changedAt === undefined || changedAt <= bound;
}

/** A row of a newer version was written meanwhile. An older version with the same tokens is as good. */
function isSame({ t, v }: SearchRow, stored: SearchRow | undefined): boolean {
  if (stored === undefined) return false;
  return stored.v > v || (stored.t.length === t.length && stored.t.every((token, index) => token === t[index]));
}
