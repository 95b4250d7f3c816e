/**
 * One of the two sides that are compared, ours or the bare routes: its address, and a database of its own with the same
 * shop, shoppers and orders, so that ours can be audited in the end and neither meets what the other has left behind.
 */
import type { Types } from 'mongoose';
import type { Database } from '../../../models/db/database.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { storeUnpaidOrders } from '../fill.ts';
import type { Shop } from '../load.ts';
import type { Shopper } from './standing-shop.ts';
import { createSupply, inTurns, type Supply } from './supply.ts';

export interface Side {
  url: string;
  /** Shoppers whose carts hold three lines. */
  shopper(): Shopper;
  /** Shoppers for one checkout each: a second one would meet the first at the cart, and a sixth would be refused. */
  checkouts: Supply<Shopper>;
  /** An order to look at, and who may. */
  placed(): { order: Order; shopper: Shopper };
  /** Orders that wait for their webhook. */
  unpaid: Supply<Order>;
}

/** As many as some seconds at saturation use up; where a machine is faster, its measurement ends sooner. */
const FULL = 1_500;
const SHOPPERS = 400;

export async function openSide(
  url: string,
  { db, goods, signUp }: { db: Database; goods: Shop; signUp: (count: number) => Promise<Shopper[]> },
): Promise<Side> {
  const shoppers = await shoppersWithCarts(SHOPPERS);
  const orders = await storeUnpaidOrders(db, goods, SHOPPERS, new Date());
  const placed = orders.flatMap((order, index) => {
    const shopper = shoppers[index];
    return shopper ? [{ order, shopper }] : [];
  });
  await db.orders.bulkWrite(
    placed.map(({ order: { _id }, shopper: { id } }) => ({
      updateOne: { filter: { _id }, update: { $set: { userId: id } } },
    })),
  );
  return {
    url,
    shopper: inTurns(shoppers),
    checkouts: createSupply(FULL, shoppersWithCarts),
    placed: inTurns(placed),
    unpaid: createSupply(FULL, (count) => storeUnpaidOrders(db, goods, count, new Date())),
  };

  async function shoppersWithCarts(count: number): Promise<Shopper[]> {
    const made = await signUp(count);
    const lines = goods.variants.slice(0, 3);
    const items = lines.map(({ _id, price }) => ({ variantId: _id, quantity: 1, unitPrice: price }));
    const subtotal = items.reduce((sum, { unitPrice }) => sum + unitPrice, 0);
    const cartOf = (_id: Types.ObjectId) => ({ _id, items, itemCount: 3, subtotal, currency: 'NGN' as const });
    await db.carts.insertMany(made.map(({ id }) => cartOf(id)));
    return made;
  }
}
