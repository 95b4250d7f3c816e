import type mongoose from 'mongoose';
import type { ClientSession, Types } from 'mongoose';
import { type Cart, type CartContents, contentsOf } from '../cart/cart-document.ts';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';

interface Purchase {
  userId: Types.ObjectId;
  items: readonly { variantId: Types.ObjectId; quantity: number }[];
}

/**
 * Subtracts the purchased quantities from their users' carts, inside the settlement's transaction. Later additions stay. A
 * line with fewer units than were bought is removed; an empty or missing cart is left alone.
 */
export async function takeBoughtOutOfCarts(db: Database, purchases: Purchase[], session: ClientSession): Promise<void> {
  const boughtByUser = new Map<string, Purchase>();
  for (const { userId, items } of purchases) {
    const earlier = boughtByUser.get(String(userId))?.items ?? [];
    boughtByUser.set(String(userId), { userId, items: [...earlier, ...items] });
  }
  if (boughtByUser.size === 0) return;
  // Read inside the snapshot: a concurrent change of the cart is a write conflict, so no addition is lost.
  const userIds = [...boughtByUser.values()].map(({ userId }) => userId);
  const carts = await driverCollection(db.carts)
    .find({ _id: { $in: userIds }, itemCount: { $gt: 0 } }, { batchSize: boughtByUser.size + 1, session })
    .toArray();
  const emptied: Types.ObjectId[] = [];
  const writes: mongoose.mongo.AnyBulkWriteOperation<Cart>[] = [];
  for (const cart of carts) {
    const items = boughtByUser.get(String(cart._id))?.items ?? [];
    const bought = new Map(quantitiesByVariant(items).map(({ variantId, quantity }) => [String(variantId), quantity]));
    if (!cart.items.some(({ variantId }) => bought.has(String(variantId)))) continue;
    const left = without(cart, bought);
    if (left.items.length === 0) emptied.push(cart._id);
    else writes.push({ updateOne: { filter: { _id: cart._id }, update: { $set: left, ...NEXT_REV } } });
  }
  // Most carts are emptied, all by the same update: one statement.
  if (emptied.length > 0)
    writes.push({
      updateMany: { filter: { _id: { $in: emptied } }, update: { $set: contentsOf([], null), ...NEXT_REV } },
    });
  if (writes.length > 0) await driverCollection(db.carts).bulkWrite(writes, { session, ordered: true });
}

/** A change of the cart that was decided on what it held before is decided anew. */
const NEXT_REV = { $inc: { rev: 1 } } as const;

function without(cart: Cart, bought: ReadonlyMap<string, number>): CartContents {
  const items = cart.items
    .map((item) => ({ ...item, quantity: item.quantity - (bought.get(String(item.variantId)) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
  return contentsOf(items, cart.currency);
}
