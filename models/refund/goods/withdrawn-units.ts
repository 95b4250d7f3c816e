/** The units that a refund takes out of an order, and the units that go back into stock. Pure. */
import { quantitiesByVariant } from '../../catalogue/quantities-by-variant.ts';
import type { StockReturn } from '../../catalogue/return-stock.ts';
import type { RefundableOrder } from '../../contract/staff/refund-proposal.ts';
import { conflict } from '../../order/guards.ts';
import type { Order, Refund, RefundLine } from '../../order/order-document.ts';
import { findPayingCharge } from '../../order/payment-status.ts';
import { unitsByLine } from '../../order/units.ts';
import { returnedMoney } from '../../payment/returned-money.ts';

/** Of its paying charge. */
export function toRefundableOrder(order: Order): RefundableOrder {
  const charge = findPayingCharge(order);
  return {
    lines: unitsByLine(order).map(({ lineId, toShip, shipped, givenBack }) => ({
      lineId,
      unitPrice: order.items[lineId - 1]?.unitPrice ?? 0,
      toShip,
      withCustomer: shipped - givenBack,
    })),
    shippingFee: order.shippingFee,
    deliveryRefunded: isDeliveryRefunded(order),
    left: charge === null ? 0 : returnedMoney(order, charge).left,
  };
}

/** Also when that refund failed: its money is still owed, by the refund that stands for it. */
export function isDeliveryRefunded({ refunds }: Pick<Order, 'refunds'>): boolean {
  return refunds.some(({ delivery }) => delivery === true);
}

/**
 * Throws ORDER_STATE_CONFLICT when a line has fewer units than the refund takes, or when more go into stock than it takes.
 * An order of which nothing would be left is to be cancelled instead.
 */
export function assertWithdrawable(order: Order, lines: readonly RefundLine[]): void {
  const units = new Map(unitsByLine(order).map((line) => [line.lineId, line]));
  if (new Set(lines.map(({ lineId }) => lineId)).size < lines.length)
    throw conflict(order, 'a line is named twice; name each line once');
  for (const line of lines) {
    const found = units.get(line.lineId);
    if (found === undefined) throw conflict(order, `it has only ${units.size} lines`);
    const name = nameOfLine(order, line.lineId);
    if (line.unshipped + line.shipped < 1) throw conflict(order, `no unit of ${name} is chosen`);
    if (line.unshipped > found.toShip) throw conflict(order, `only ${found.toShip} × ${name} are still to be shipped`);
    const withCustomer = found.shipped - found.givenBack;
    if (line.shipped > withCustomer) throw conflict(order, `only ${withCustomer} × ${name} are with the customer`);
    if (line.restock > line.unshipped + line.shipped)
      throw conflict(order, `more of ${name} would go into stock than is taken out of the order`);
  }
  assertLeavesAnOrder(order, lines);
}

function assertLeavesAnOrder(order: Order, lines: readonly RefundLine[]): void {
  const units = unitsByLine(order);
  const toShip = units.reduce((sum, line) => sum + line.toShip, 0);
  const shipped = units.reduce((sum, line) => sum + line.shipped, 0);
  const withdrawn = lines.reduce((sum, { unshipped }) => sum + unshipped, 0);
  if (withdrawn > 0 && withdrawn === toShip && shipped === 0)
    throw conflict(order, 'nothing of it would be left; cancel the order instead, which gives all of the money back');
}

function nameOfLine({ items }: Pick<Order, 'items'>, lineId: number): string {
  const item = items[lineId - 1];
  if (item === undefined) return `line ${lineId}`;
  return [item.productSnapshot.title, item.variantSnapshot.title].filter((title) => title !== '').join(', ');
}

/** The units that the refund's lines put into stock. */
export function returnedToStock(order: Pick<Order, 'items'>, { refundId, lines = [] }: Refund): StockReturn[] {
  const restocked = lines.flatMap(({ lineId, restock }) => {
    const variantId = order.items[lineId - 1]?.variantId;
    return variantId === undefined || restock === 0 ? [] : [{ variantId, quantity: restock }];
  });
  return quantitiesByVariant(restocked).map((units) => ({ ...units, as: 'return' as const, refundId }));
}

/** The units that were neither shipped nor withdrawn, for an order that ends. */
export function restOf(order: Order): StockReturn[] {
  const rest = unitsByLine(order).flatMap(({ lineId, ordered, unshipped, shipped }) => {
    const variantId = order.items[lineId - 1]?.variantId;
    const quantity = ordered - unshipped - shipped;
    return variantId === undefined || quantity < 1 ? [] : [{ variantId, quantity }];
  });
  return quantitiesByVariant(rest).map((units) => ({ ...units, as: 'restock' as const }));
}
