import type { ClientSession, Types } from 'mongoose';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { VariantQuantity } from './quantities-by-variant.ts';
import { orderMovement, refundMovement, type StockMovement } from './stock-movement.ts';

/**
 * - release: reserved → stock
 * - restock: the rest of an order that ended, sold → stock, with the ledger row `restock:<orderId>`
 * - return: units of a refund's lines, sold → stock, with the ledger row `return:<orderId>:<refundId>`
 */
export type StockReturn = VariantQuantity<Types.ObjectId> &
  ({ as: 'release' } | { as: 'restock' } | { as: 'return'; refundId: string });

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
  for (const movement of movementsOf(orderId, returns, actor, now))
    await driverCollection(db.stockMovements).insertOne(movement, { session });
}

/** The ledger rows: one for the rest of the order, and one for each refund. Pure. */
export function movementsOf(
  orderId: Types.ObjectId,
  returns: readonly StockReturn[],
  actor: string,
  now: Date,
): StockMovement[] {
  const rest = returns.filter(({ as }) => as === 'restock');
  const refundIds = new Set(returns.flatMap((one) => (one.as === 'return' ? [one.refundId] : [])));
  const ofRefund = (refundId: string) => returns.filter((one) => one.as === 'return' && one.refundId === refundId);
  return [
    ...(rest.length === 0 ? [] : [orderMovement('restock', orderId, rest, actor, now)]),
    ...[...refundIds].map((refundId) => refundMovement(orderId, refundId, ofRefund(refundId), actor, now)),
  ];
}
