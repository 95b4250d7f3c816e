/** Staff count what lies on the shelf, and the free stock follows: the count less what waits there for orders. */
import type { ClientSession, Types } from 'mongoose';
import { type ActionKey, findRepeat } from '../../action-key.ts';
import { sha256OfCanonical } from '../../canonical-json.ts';
import type { StockPreview } from '../../contract/desk/products.ts';
import { MAX_STOCK } from '../../contract/limits.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { CommitOutcomeUnknownError, isDuplicateKey } from '../../db/mongo-errors.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { inTransaction } from '../../db/transaction.ts';
import { AppError, notFound } from '../../errors.ts';
import type { Order } from '../../order/order-document.ts';
import { unitsLeftToShip } from '../../order/units.ts';
import type { CatalogActor } from '../catalogue-change.ts';
import { countMovement, countMovementId } from '../stock-movement.ts';
import type { Variant } from '../variant.ts';

export interface ShelfCount {
  variantId: Types.ObjectId;
  counted: number;
  /** The free stock that staff were shown while they counted. */
  shown: number;
}

interface KeyedCount extends ShelfCount {
  note?: string | undefined;
  key: ActionKey;
  /** The digest of the preview that staff act on. */
  expect?: string | undefined;
}

/** Writes nothing. Throws NOT_FOUND. */
export async function previewCount(db: Database, count: ShelfCount): Promise<StockPreview> {
  return inTransaction(db, async (session) => countPreview(count, await readShelf(db, count.variantId, session)));
}

/** The effects of adding `delta` units. Writes nothing. Throws NOT_FOUND. */
export async function previewAdjustment(
  db: Database,
  { variantId, delta }: { variantId: Types.ObjectId; delta: number },
): Promise<StockPreview> {
  return inTransaction(db, async (session) => adjustmentPreview(await readShelf(db, variantId, session), delta));
}

/** Throws PREVIEW_OUTDATED when the effects of the adjustment are no longer those of the preview. */
export async function assertAdjustment(
  db: Database,
  { variantId, delta, expect }: { variantId: Types.ObjectId; delta: number; expect: string },
  session: ClientSession,
): Promise<void> {
  const preview = adjustmentPreview(await readShelf(db, variantId, session), delta);
  if (preview.digest !== expect) throw outdated(preview);
}

function adjustmentPreview(shelf: Shelf, delta: number): StockPreview {
  const to = shelf.variant.stock + delta;
  return toPreview(shelf, to, whyNotStock(to, `only ${shelf.variant.stock} of ${shelf.variant.sku} are free to sell`));
}

/**
 * Sets the free stock to what was counted, less the units that are reserved and those of confirmed orders that have not left.
 * A repeat of the key changes nothing and may be raced. Throws NOT_FOUND, ACTION_KEY_REUSED, and
 * INSUFFICIENT_STOCK when less was counted than waits for orders. Throws PREVIEW_OUTDATED when the stock is no longer the one
 * that was shown, or the effects are not those of `expect`.
 */
export async function countStock(
  db: Database,
  count: KeyedCount,
  by: CatalogActor,
): Promise<{ variant: Variant; delta: number }> {
  const earlier = await findCounted(db, count);
  if (earlier !== null) return { variant: earlier, delta: 0 };
  try {
    return await inTransaction(db, (session) => applyCount(db, count, by, session));
  } catch (error) {
    // A rival under the same key may have been faster, or our own commit has gone through.
    const isRace = error instanceof AppError || error instanceof CommitOutcomeUnknownError || isDuplicateKey(error);
    const counted = isRace ? await findCounted(db, count) : null;
    if (counted === null) throw error;
    return { variant: counted, delta: 0 };
  }
}

async function applyCount(db: Database, count: KeyedCount, by: CatalogActor, session: ClientSession) {
  const { variantId, key, note, expect } = count;
  const shelf = await readShelf(db, variantId, session);
  const preview = countPreview(count, shelf);
  const { stock, reserved } = shelf.variant;
  if (stock !== count.shown || (expect !== undefined && expect !== preview.digest)) throw outdated(preview);
  if (preview.why !== null) throw tooFew(shelf, count.counted, preview.why);
  const delta = preview.stock.to - stock;
  if (delta === 0) return { variant: shelf.variant, delta };
  const variant = await driverCollection(db.variants).findOneAndUpdate(
    { _id: variantId, stock, reserved },
    { $set: { stock: preview.stock.to } },
    { session, returnDocument: 'after' },
  );
  if (!variant) throw outdated(preview);
  await driverCollection(db.stockMovements).insertOne(countMovement(key, variantId, delta, note, by), { session });
  return { variant, delta };
}

async function findCounted(db: Database, { variantId, key }: KeyedCount): Promise<Variant | null> {
  const row = await driverCollection(db.stockMovements).findOne({ _id: countMovementId(key) }, READ_MAJORITY);
  if (findRepeat(row === null ? [] : [row], key) === null) return null;
  return driverCollection(db.variants).findOne({ _id: variantId }, READ_MAJORITY);
}

export interface Shelf {
  variant: Variant;
  /** Units of confirmed orders that have not left. */
  toShip: number;
}

async function readShelf(db: Database, variantId: Types.ObjectId, session: ClientSession): Promise<Shelf> {
  const variant = await driverCollection(db.variants).findOne({ _id: variantId }, { session });
  if (!variant) throw notFound('Variant');
  return { variant, toShip: await unitsToShip(db, variantId, session) };
}

type ShippableOrder = Pick<Order, 'status' | 'items' | 'refunds' | 'shipments'>;

/** Of all confirmed orders, which are few; a shipped one has nothing left to ship. */
async function unitsToShip(db: Database, variantId: Types.ObjectId, session: ClientSession): Promise<number> {
  const orders = driverCollection(db.orders).find<ShippableOrder>(
    { status: 'confirmed', 'items.variantId': variantId },
    {
      projection: {
        status: 1,
        'items.variantId': 1,
        'items.quantity': 1,
        'refunds.lines': 1,
        'shipments.lines': 1,
        'shipments.voidedAt': 1,
      },
      session,
    },
  );
  let units = 0;
  for await (const order of orders) units += unitsOf(order, variantId);
  return units;
}

export function unitsOf(order: ShippableOrder, variantId: Types.ObjectId): number {
  return unitsLeftToShip(order)
    .filter(({ lineId }) => order.items[lineId - 1]?.variantId.equals(variantId))
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function countPreview({ counted }: ShelfCount, shelf: Shelf): StockPreview {
  const { variant, toShip } = shelf;
  const to = counted - variant.reserved - toShip;
  const why = `${variant.reserved + toShip} of ${variant.sku} must lie there for orders, ${toShip} to be shipped and ${variant.reserved} reserved; look for the missing units, or cancel orders first`;
  return toPreview(shelf, to, whyNotStock(to, why));
}

function whyNotStock(to: number, tooFew: string): string | null {
  if (to > MAX_STOCK) return `the stock may be at most ${MAX_STOCK} units`;
  return to < 0 ? tooFew : null;
}

/** A refused change has no effects. */
function toPreview({ variant, toShip }: Shelf, wanted: number, why: string | null): StockPreview {
  const { _id, sku, stock, reserved } = variant;
  const to = why === null ? wanted : stock;
  const waiting = reserved + toShip;
  const content = {
    why,
    variantId: String(_id),
    sku,
    stock: { from: stock, to },
    reserved,
    toShip,
    shelf: { from: stock + waiting, to: to + waiting },
  };
  return { ...content, digest: sha256OfCanonical(content).toString('hex').slice(0, 32) };
}

function outdated(stock: StockPreview): AppError {
  return new AppError('PREVIEW_OUTDATED', 'The stock has changed since it was shown; look at it again.', {
    details: { preview: null, stock },
  });
}

function tooFew({ variant, toShip }: Shelf, counted: number, why: string): AppError {
  const { _id, sku, reserved } = variant;
  return new AppError('INSUFFICIENT_STOCK', `The count cannot be right: ${why}.`, {
    details: { shortages: [{ variantId: String(_id), sku, requested: reserved + toShip, available: counted }] },
  });
}
