import { isDisputed } from '../dispute/open-disputes.ts';
import { cancelChange } from '../fulfilment/cancel-order.ts';
import type { Order, OrderItem } from '../order/order-document.ts';
import type { OrderChange, OrderState } from '../order/order-write.ts';
import { findPayingCharge } from '../order/payment-status.ts';
import type { SettlementDecision } from './decide-settlement.ts';

/** The fields that settling reads (SETTLEMENT_PROJECTION). */
export type PaidOrder = Omit<OrderState, 'items'> &
  Pick<Order, 'userId' | 'currency' | 'reservation' | 'settlement'> & {
    items: Pick<OrderItem, 'variantId' | 'quantity'>[];
  };

/** `parked`: short of stock while its charge is disputed, so that nothing may be refunded yet. */
export type SettlementOutcome = 'confirmed' | 'cancelled' | 'parked';

export interface SettledOrder {
  /** As it was read. */
  order: PaidOrder;
  outcome: SettlementOutcome;
  change: OrderChange;
}

/** The change of each order under `decision`, in the order given. Pure. */
export function toSettledOrders(
  orders: PaidOrder[],
  decision: SettlementDecision,
  now: Date,
  refundIdFor: (order: PaidOrder) => string,
): SettledOrder[] {
  const confirmed = new Set(decision.confirmed);
  return orders.map((order) =>
    confirmed.has(String(order._id))
      ? { order, outcome: 'confirmed', change: confirmation() }
      : { order, ...withoutStock(order, now, refundIdFor(order)) },
  );
}

const SETTLED = { settlement: { attempts: 0 }, verifyDueAt: undefined } as const;

function confirmation(): OrderChange {
  return {
    set: { status: 'confirmed', reservation: 'committed', ...SETTLED },
    actor: 'system',
    event: { type: 'order_confirmed' },
  };
}

/**
 * Short at the batch's snapshot: the order is cancelled and refunded. While its charge is disputed nothing may be
 * refunded, so the order is parked until the dispute ends (models/dispute/record-dispute).
 */
function withoutStock(order: PaidOrder, now: Date, refundId: string): Pick<SettledOrder, 'outcome' | 'change'> {
  const charge = findPayingCharge(order);
  if (!charge?.amount) throw new Error(`Order ${order._id} waits for settlement without a charge.`);
  if (!isDisputed(order, charge.reference)) {
    const request = { reason: 'short_stock', actor: 'system', refundId, now } as const;
    return { outcome: 'cancelled', change: cancelChange(order, request) };
  }
  const lastError = 'short of stock, and a dispute stands';
  const settlement = { attempts: order.settlement.attempts, lastError, parkedAt: now };
  return {
    outcome: 'parked',
    change: {
      set: { settlement },
      actor: 'system',
      event: { type: 'settlement_parked', data: { cause: 'stock_short_in_dispute', attempts: settlement.attempts } },
    },
  };
}
