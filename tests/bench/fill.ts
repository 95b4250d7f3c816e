/** Stores the documents of load.ts in bulk. */

import { initialMovement } from '../../models/catalogue/stock-movement.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import {
  type ComposedOrder,
  composePaidOrders,
  composeUnpaidOrders,
  LINES,
  type Load,
  type Shop,
  UNITS_PER_LINE,
} from './load.ts';

const CHUNK = 2_000;
/** With the connection's majority, because a settlement reads ahead what a majority holds and would miss the rest. */
const UNORDERED = { ordered: false };

export async function storeShop(db: Database, { variants, products }: Shop, now: Date): Promise<void> {
  await driverCollection(db.products).insertMany(products);
  await driverCollection(db.variants).insertMany(variants);
  const rows = variants.map(({ _id, stock }) => initialMovement(_id, stock, 'opening stock', { actor: 'system', now }));
  await driverCollection(db.stockMovements).insertMany(rows);
}

export async function storePaidOrders(db: Database, shop: Shop, load: Load, now: Date): Promise<void> {
  const before = await db.orders.estimatedDocumentCount();
  for (let done = 0; done < load.orders; done += CHUNK) {
    const chunk = { ...load, orders: Math.min(CHUNK, load.orders - done) };
    await store(db, [...composePaidOrders(shop, chunk, now, before + done)]);
  }
}

/** Orders with a payment page and without a charge. */
export async function storeUnpaidOrders(db: Database, shop: Shop, count: number, now: Date): Promise<Order[]> {
  const before = await db.orders.estimatedDocumentCount();
  const composed = [...composeUnpaidOrders(shop, { orders: count, mix: 'mixed' }, now, before)];
  await store(db, composed);
  return composed.map(({ order }) => order);
}

async function store(db: Database, composed: ComposedOrder[]): Promise<void> {
  const orders = composed.map(({ order }) => order);
  await driverCollection(db.orders).insertMany(orders, UNORDERED);
  const carts = composed.map(({ cart }) => toCart(cart));
  await driverCollection(db.carts).insertMany(carts, UNORDERED);
}

function toCart({ _id, items }: ComposedOrder['cart']) {
  const subtotal = items.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0);
  return { _id, rev: 1, items, itemCount: LINES * UNITS_PER_LINE, subtotal, currency: 'NGN' as const };
}
