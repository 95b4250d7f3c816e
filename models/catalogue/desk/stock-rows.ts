/** The stock ledger of one variant, for staff. */
import type { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { invalidInput } from '../../errors.ts';
import type { Order } from '../../order/order-document.ts';
import type { StockMovement } from '../stock-movement.ts';

export interface StockRow extends Omit<StockMovement, 'lines'> {
  /** Of the variant. */
  delta: number;
  /** Missing for a row of no order. */
  code?: string;
}

/**
 * Newest first. Rows of one batch of settlements have one instant, so the cursor is that instant and how many of its rows were
 * shown. Throws INVALID_INPUT for a foreign cursor.
 */
export async function listStockRows(
  db: Database,
  variantId: Types.ObjectId,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: StockRow[]; nextCursor: string | null }> {
  const { at, shown } = cursor === undefined ? { at: undefined, shown: 0 } : parseCursor(cursor);
  const rows = await driverCollection(db.stockMovements)
    .find(
      { 'lines.variantId': variantId, ...(at === undefined ? {} : { at: { $lte: at } }) },
      { sort: { at: -1 }, skip: shown, limit: limit + 1, hint: { 'lines.variantId': 1, at: -1 }, ...READ_MAJORITY },
    )
    .toArray();
  const page = rows.slice(0, limit);
  const codes = await findCodes(db, page);
  const items = page.map(({ lines, ...row }): StockRow => {
    const delta = lines.find((line) => line.variantId.equals(variantId))?.delta ?? 0;
    const code = codes.get(String(row.orderId));
    return { ...row, delta, ...(code === undefined ? {} : { code }) };
  });
  return { items, nextCursor: rows.length > limit ? cursorAfter(page, { at, shown }) : null };
}

function cursorAfter(page: readonly StockMovement[], before: { at: Date | undefined; shown: number }): string {
  const last = page.at(-1)?.at.getTime() ?? 0;
  const ofInstant = page.filter(({ at }) => at.getTime() === last).length;
  return `${last}.${ofInstant + (before.at?.getTime() === last ? before.shown : 0)}`;
}

function parseCursor(cursor: string): { at: Date; shown: number } {
  const [, time, shown] = /^(\d{1,15})\.(\d{1,6})$/.exec(cursor) ?? [];
  if (time === undefined || shown === undefined)
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  return { at: new Date(Number(time)), shown: Number(shown) };
}

async function findCodes(db: Database, rows: readonly StockMovement[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ orderId }) => orderId ?? []);
  const orders = await driverCollection(db.orders)
    .find<Pick<Order, '_id' | 'code'>>({ _id: { $in: ids } }, { projection: { code: 1 } })
    .toArray();
  return new Map(orders.map(({ _id, code }) => [String(_id), code]));
}
