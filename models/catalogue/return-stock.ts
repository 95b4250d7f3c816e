import type { ClientSession, Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { VariantQuantity } from './quantities-by-variant.ts';
import { orderMovement } from './stock-movement.ts';

export interface StockReturn extends VariantQuantity<Types.ObjectId> {
  /** `release`: reserved → stock. `restock`: sold → stock, with a ledger row. */
  as: 'release' | 'restock';
}

/**
 * Adds an order's units to the free stock again, inside the transaction of the order's change. Writes the variants in the
 * order of their ids, as reserveStock does, so that rivals meet at the first shared variant. Throws a plain Error when a
 * variant is missing or has too few units reserved.
 */
export async function returnStock(
  db: Database,
  orderId: Types.ObjectId,
  stock: readonly StockReturn[],
  { actor, now }: { actor: string; now: Date },
  session: ClientSession,
): Promise<void> {
  const returns = [...stock].sort((a, b) => (String(a.variantId) < String(b.variantId) ? -1 : 1));
  for (const { variantId, quantity, as } of returns) {
    const released =
      as === 'release'
        ? { filter: { reserved: { $gte: quantity } }, reserved: -quantity }
        : { filter: {}, reserved: 0 };
    const { matchedCount } = await driverCollection(db.variants).updateOne(
      { _id: variantId, ...released.filter },
      { $inc: { stock: quantity, reserved: released.reserved } },
      { session },
    );
    if (matchedCount !== 1)
      throw new Error(`Order ${orderId}: variant ${variantId} cannot take back ${quantity} units (${as}).`);
  }
  const restocked = returns.filter(({ as }) => as === 'restock');
  if (restocked.length === 0) return;
  const movement = orderMovement('restock', orderId, restocked, actor, now);
  await driverCollection(db.stockMovements).insertOne(movement, { session });
}
