/** Finds orders whose search row is missing or outdated, because a process died after its commit, and writes the row. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Order } from '../order/order-document.ts';
import type { SearchRow } from './order-search-document.ts';
import { readSearchRows, storeSearchRows } from './write-search.ts';

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

/** The next orders by their versions; the few that may differ are then read and compared whole. */
async function repair(
  db: Database,
  filter: { _id?: { $gt: Types.ObjectId } },
  sort: 1 | -1,
  changedBefore: Date | null,
): Promise<SearchRepair> {
  const orders = await driverCollection(db.orders)
    .find<Pick<Order, '_id' | 'version'> & { history: { at: Date }[] }>(filter, {
      projection: { version: 1, 'history.at': 1 },
      sort: { _id: sort },
      limit: BATCH_SIZE,
    })
    .toArray();
  const checked = orders.filter(({ history }) => isOlder(history.at(-1)?.at, changedBefore));
  // The rules of tokens may have changed since a row of the same version was written; a rebuild heeds that.
  const suspects = changedBefore === null ? checked : await findOutdated(db, checked);
  const repaired = await repairRowsOf(
    db,
    suspects.map(({ _id }) => _id),
  );
  const last = orders.length < BATCH_SIZE ? null : (orders.at(-1)?._id ?? null);
  return { checked: checked.length, repaired, last };
}

function isOlder(changedAt: Date | undefined, bound: Date | null): boolean {
  return bound === null || changedAt === undefined || changedAt <= bound;
}

/** The orders whose row is missing or was made from an older version. */
async function findOutdated<T extends Pick<Order, '_id' | 'version'>>(db: Database, orders: T[]): Promise<T[]> {
  const rows = await driverCollection(db.orderSearch)
    .find<Pick<SearchRow, '_id' | 'v'>>({ _id: { $in: orders.map(({ _id }) => _id) } }, { projection: { v: 1 } })
    .toArray();
  const versions = new Map(rows.map(({ _id, v }) => [String(_id), v]));
  return orders.filter(({ _id, version }) => version > (versions.get(String(_id)) ?? -1));
}

/** Returns how many rows were missing or differed. The others are written as well where only their version is old. */
async function repairRowsOf(db: Database, ids: readonly Types.ObjectId[]): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await readSearchRows(db, ids);
  const found = await driverCollection(db.orderSearch)
    .find({ _id: { $in: [...ids] } })
    .toArray();
  const stored = new Map(found.map((row) => [String(row._id), row]));
  const storedOf = ({ _id }: SearchRow) => stored.get(String(_id));
  await storeSearchRows(
    db,
    rows.filter((row) => row.v > (storedOf(row)?.v ?? -1) || !isSame(row, storedOf(row))),
  );
  return rows.filter((row) => !isSame(row, storedOf(row))).length;
}

/** A row of a newer version was written meanwhile. An older version with the same tokens is as good. */
function isSame({ t, v }: SearchRow, stored: SearchRow | undefined): boolean {
  if (stored === undefined) return false;
  return stored.v > v || (stored.t.length === t.length && stored.t.every((token, index) => token === t[index]));
}
