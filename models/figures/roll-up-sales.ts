/** The figures of the last days in one document. */
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { dayOf } from '../shop-time.ts';
import type { ProductSales, Sales, SalesDay } from './sales-document.ts';
import { addSales, bestOf, type DayOfShop, readSalesOfDay } from './sales-of-day.ts';

/** Today and the thirty days before it. */
export const SALES_DAYS = 31;
const BEST_SELLERS = 10;
const ID = 'sales';
/** Less than the time between two sweeps. */
const PAUSE_MS = 30_000;
const DAY_MS = 24 * 3600_000;

type RollUp = Omit<DayOfShop, 'day'> & { now: Date };

/**
 * Computes today, yesterday and the missing days. Of the others it computes the one that was computed longest ago, because orders
 * of any day may still be refunded. One worker at a time; false where another one has just done it. May be killed
 * anywhere.
 */
export async function rollUpSales(db: Database, { now, timeZone, domain }: RollUp): Promise<boolean> {
  const stored = await claim(db, now);
  if (stored === null) return false;
  const known = new Map(stored.timeZone === timeZone ? (stored.days ?? []).map((day) => [day.day, day]) : []);
  const wanted = lastDays(now, timeZone);
  const renewed = new Set([
    ...wanted.slice(-2),
    ...wanted.filter((day) => !known.has(day)),
    ...longestAgo(wanted, known),
  ]);
  const days: SalesDay[] = [];
  for (const day of wanted) {
    const before = known.get(day);
    days.push(before && !renewed.has(day) ? before : await readSalesOfDay(db, { day, timeZone, domain }, now));
  }
  const products = new Map<string, ProductSales>();
  for (const sold of days.flatMap((day) => day.products)) addSales(products, sold);
  const bestSellers = bestOf([...products.values()], BEST_SELLERS);
  await driverCollection(db.sales).updateOne({ _id: ID }, { $set: { timeZone, computedAt: now, days, bestSellers } });
  return true;
}

/** The shop's days up to today, the oldest first. */
export function lastDays(now: Date, timeZone: string): string[] {
  const today = Date.parse(`${dayOf(now, timeZone)}T00:00:00Z`);
  return Array.from({ length: SALES_DAYS }, (_, index) =>
    new Date(today - (SALES_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

function longestAgo(wanted: readonly string[], known: ReadonlyMap<string, SalesDay>): string[] {
  const [first] = wanted
    .slice(0, -2)
    .flatMap((day) => known.get(day) ?? [])
    .sort((a, b) => a.computedAt.getTime() - b.computedAt.getTime());
  return first === undefined ? [] : [first.day];
}

async function claim(db: Database, now: Date): Promise<Sales | null> {
  const sales = driverCollection(db.sales);
  const dueAt = new Date(now.getTime() + PAUSE_MS);
  try {
    return await sales.findOneAndUpdate(
      { _id: ID, dueAt: { $lte: now } },
      { $set: { dueAt } },
      { upsert: true, returnDocument: 'after' },
    );
  } catch (error) {
    // The document is there and not due.
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** Null before the first roll-up. Without the products of single days. */
export function readSales(
  db: Database,
): Promise<(Omit<Sales, 'days'> & { days?: Omit<SalesDay, 'products'>[] }) | null> {
  return driverCollection(db.sales).findOne({ _id: ID }, { projection: { 'days.products': 0 } });
}
