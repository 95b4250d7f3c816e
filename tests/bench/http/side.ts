/**
 * One of the two sides of a comparison, ours or the bare routes. Each has its own database with the same shop, shoppers
 * and orders. Neither changes the other's data, and ours can be audited at the end.
 */
import type { Types } from 'mongoose';
import type { Database } from '../../../models/db/database.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { storeUnpaidOrders } from '../fill.ts';
import type { Shop } from '../load.ts';
import type { Shopper } from './bench-server.ts';
import { createSupply, inTurns, type Supply } from './supply.ts';

export interface Side {
  url: string;
  /** Shoppers whose carts hold three lines. */
  shopper(): Shopper;
  /** One checkout each: a second one conflicts with the first on the cart, and a sixth unpaid order is refused. */
  checkouts: Supply<Shopper>;
  /** An order and its owner, for reading. */
  placed(): { order: Order; shopper: Shopper };
  /** Orders with a payment page and without a charge. */
  unpaid: Supply<Order>;
}

/** Enough for some seconds at saturation; on a faster machine the measurement ends early. */
const FULL = 1_500;
const SHOPPERS = 400;

export async function openSide(
  url: string,
  { db, catalogue, signUp }: { db: Database; catalogue: Shop; signUp: (count: number) => Promise<Shopper[]> },
): Promise<Side> {
  const shoppers = await shoppersWithCarts(SHOPPERS);
  const orders = await storeUnpaidOrders(db, catalogue, SHOPPERS, new Date());
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
    unpaid: createSupply(FULL, (count) => storeUnpaidOrders(db, catalogue, count, new Date())),
  };

  async function shoppersWithCarts(count: number): Promise<Shopper[]> {
    const created = await signUp(count);
    const lines = catalogue.variants.slice(0, 3);
    const items = lines.map(({ _id, price }) => ({ variantId: _id, quantity: 1, unitPrice: price }));
    const subtotal = items.reduce((sum, { unitPrice }) => sum + unitPrice, 0);
    const cartOf = (_id: Types.ObjectId) => ({ _id, rev: 1, items, itemCount: 3, subtotal, currency: 'NGN' as const });
    await db.carts.insertMany(created.map(({ id }) => cartOf(id)));
    return created;
  }
}
