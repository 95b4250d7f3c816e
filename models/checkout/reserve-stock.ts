import type { ClientSession } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { AppError } from '../errors.ts';
import type { Order } from '../order/order-document.ts';

/** stock → reserved, in the order of the variants' ids. Throws INSUFFICIENT_STOCK, which must abort the transaction. */
export async function reserveStock(db: Database, order: Order, session: ClientSession): Promise<void> {
  const quantities = quantitiesByVariant(order.items).sort((a, b) =>
    String(a.variantId) < String(b.variantId) ? -1 : 1,
  );
  for (const { variantId, quantity } of quantities) {
    const { matchedCount } = await driverCollection(db.variants).updateOne(
      { _id: variantId, stock: { $gte: quantity } },
      { $inc: { stock: -quantity, reserved: quantity } },
      { session },
    );
    if (matchedCount === 1) continue;
    const sku = order.items.find((item) => String(item.variantId) === String(variantId))?.variantSnapshot.sku ?? '';
    const shortages = [{ variantId: String(variantId), sku, requested: quantity, available: 0 }];
    throw new AppError('INSUFFICIENT_STOCK', 'Some of these items are no longer available in that quantity.', {
      details: { shortages },
    });
  }
}
