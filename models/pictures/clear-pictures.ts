/** Deletes pictures that no product has any more and no order names: an order keeps the pictures with which it was placed. */
import type { Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { TOKEN_INDEX } from '../search/order-search-document.ts';
import { productToken } from '../search/order-tokens.ts';
import { keysOf, pictureKey } from './store-picture.ts';

/** A checkout that read the product before its picture was taken out has long ended, and its order's search row is written. */
const UNUSED_MS = 24 * 3600_000;
/** Of one run. */
const MAX_CLEARED = 20;
const ORDERS_READ = 500;
/** A picture of a product that was sold more often is kept unread. */
const MAX_ORDERS = 20_000;

/** Marks the pictures that a product has lost. May be repeated. */
export async function markRemoved(db: Database, pictureIds: readonly string[], now: Date): Promise<void> {
  if (pictureIds.length === 0) return;
  await driverCollection(db.pictures).updateMany(
    { _id: { $in: pictureIds.flatMap(keysOf) } },
    { $set: { unusedSince: now } },
  );
}

/** Returns the number of deleted pictures. May be repeated and raced. */
export async function clearPictures(db: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - UNUSED_MS);
  const removed = await driverCollection(db.pictures)
    .find<{ _id: string; productIds?: Types.ObjectId[] }>(
      { unusedSince: { $lte: before } },
      { projection: { productIds: 1 }, sort: { unusedSince: 1 }, limit: MAX_CLEARED * keysOf('').length },
    )
    .toArray();
  const productsOf = new Map(removed.map(({ _id, productIds = [] }) => [_id.split('/')[0] ?? '', productIds]));
  let cleared = 0;
  for (const [pictureId, productIds] of productsOf)
    if (await isUsed(db, pictureId, productIds)) await keep(db, pictureId);
    else cleared += await deletePicture(db, pictureId, before);
  return cleared;
}

async function isUsed(db: Database, pictureId: string, productIds: readonly Types.ObjectId[]): Promise<boolean> {
  const having = { _id: { $in: [...productIds] }, 'pictures.pictureId': pictureId };
  if (await db.products.exists(having)) return true;
  for (const productId of productIds) if (await isInOrders(db, pictureId, productId)) return true;
  return false;
}

/** Newest first: the last orders with the product are the likeliest to name it. */
async function isInOrders(db: Database, pictureId: string, productId: Types.ObjectId): Promise<boolean> {
  const token = productToken(productId.toHexString());
  let after: Types.ObjectId | undefined;
  for (let read = 0; read < MAX_ORDERS; read += ORDERS_READ) {
    const rows = await driverCollection(db.orderSearch)
      .find(
        { t: token, ...(after === undefined ? {} : { _id: { $lt: after } }) },
        { projection: { _id: 1 }, sort: { _id: -1 }, limit: ORDERS_READ, hint: TOKEN_INDEX },
      )
      .toArray();
    after = rows.at(-1)?._id;
    if (after === undefined) return false;
    const naming = { _id: { $in: rows.map(({ _id }) => _id) }, 'items.productSnapshot.pictureId': pictureId };
    if ((await driverCollection(db.orders).findOne(naming, { projection: { _id: 1 } })) !== null) return true;
  }
  return true;
}

async function keep(db: Database, pictureId: string): Promise<void> {
  await driverCollection(db.pictures).updateMany({ _id: { $in: keysOf(pictureId) } }, { $unset: { unusedSince: 1 } });
}

/** Not if a product has got it again meanwhile. In a transaction, so that all of its sizes go or none. */
function deletePicture(db: Database, pictureId: string, before: Date): Promise<number> {
  return inTransaction(db, async (session) => {
    const pictures = driverCollection(db.pictures);
    const isRemoved = { _id: pictureKey(pictureId, 'mail'), unusedSince: { $lte: before } };
    if ((await pictures.deleteOne(isRemoved, { session })).deletedCount === 0) return 0;
    await pictures.deleteMany({ _id: { $in: keysOf(pictureId) } }, { session });
    return 1;
  });
}
