/**
 * The amount that a refund by lines is proposed at. The server decides with it, and staff's page shows it before they
 * press. Amounts are in subunits of the order's currency. Pure.
 */

/** An order's lines with the units that a refund may still take, and what is left of the money. */
export interface RefundableOrder {
  /** Every line of the order. */
  lines: readonly {
    lineId: number;
    unitPrice: number;
    /** Units that are yet to be shipped. */
    toShip: number;
    /** Units that were shipped and have not come back. */
    withCustomer: number;
  }[];
  shippingFee: number;
  /** True once a refund has taken the delivery fee, whatever became of that refund. */
  deliveryRefunded: boolean;
  /** The rest of the charge that pays the order. */
  left: number;
}

/** The units and the fee that staff choose to give back. */
export interface ChosenRefund {
  /** Each line once. `unshipped`: units that will not be shipped; `shipped`: units that came back. */
  lines: readonly { lineId: number; unshipped: number; shipped: number }[];
  /** The delivery fee as well. */
  delivery: boolean;
}

export interface RefundProposal {
  /** Σ units × unit price. */
  items: number;
  /** The delivery fee, or 0. */
  delivery: number;
  /** The amount to propose, never above what is left: with nothing chosen, all of it. */
  amount: number;
  /** True when the last unit and the delivery go: such a refund is of all that is left, and of no other amount. */
  isAll: boolean;
}

export function proposeRefund(order: RefundableOrder, chosen: ChosenRefund): RefundProposal {
  const units = new Map(chosen.lines.map(({ lineId, unshipped, shipped }) => [lineId, unshipped + shipped]));
  const items = order.lines.reduce((sum, { lineId, unitPrice }) => sum + (units.get(lineId) ?? 0) * unitPrice, 0);
  const delivery = chosen.delivery ? order.shippingFee : 0;
  const takesUnits = [...units.values()].some((count) => count > 0);
  const leavesNoUnit = order.lines.every(
    ({ lineId, toShip, withCustomer }) => (units.get(lineId) ?? 0) >= toShip + withCustomer,
  );
  const leavesNoDelivery = chosen.delivery || order.deliveryRefunded || order.shippingFee === 0;
  const isAll = takesUnits && leavesNoUnit && leavesNoDelivery;
  const isNothing = !takesUnits && !chosen.delivery;
  const amount = isAll || isNothing ? order.left : Math.min(items + delivery, order.left);
  return { items, delivery, amount: Math.max(0, amount), isAll };
}
