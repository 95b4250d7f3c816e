/**
 * decideSettlement: which paid orders the stock covers. Pure: first come, first served; an order is covered whole or not
 * at all; what an order holds is its own. Property-tested; models/settlement/settle-batch writes what is decided here.
 */
import type { ReservationState } from '../order/order-document.ts';

export interface OrderToSettle {
  id: string;
  reservation: ReservationState;
  /** Lines of the same variant may repeat; quantities are 1 or more. */
  lines: readonly { variantId: string; quantity: number }[];
}

export interface SettlementDecision {
  /** The ids of the orders to confirm and to cancel, in the order given. */
  confirmed: string[];
  cancelled: string[];
  /** What to take of each variant, ids sorted: from `stock` for orders without a hold, from `reserved` for those with. */
  takes: { variantId: string; fromStock: number; fromReserved: number }[];
}

/**
 * Decides for `orders`, in their order, against the units in `stock` by variant id; a variant that is missing there
 * counts as 0. Never takes more than there is, never a part of an order.
 */
export function decideSettlement(
  orders: readonly OrderToSettle[],
  stock: ReadonlyMap<string, number>,
): SettlementDecision {
  const takes = new Map<string, { fromStock: number; fromReserved: number }>();
  const taken = (variantId: string) => takes.get(variantId) ?? { fromStock: 0, fromReserved: 0 };
  const confirmed: string[] = [];
  const cancelled: string[] = [];
  for (const order of orders) {
    const wanted = mergeLines(order.lines);
    const holds = order.reservation === 'reserved';
    const covered =
      holds || [...wanted].every(([id, quantity]) => taken(id).fromStock + quantity <= (stock.get(id) ?? 0));
    if (!covered) {
      cancelled.push(order.id);
      continue;
    }
    confirmed.push(order.id);
    for (const [id, quantity] of wanted) {
      const { fromStock, fromReserved } = taken(id);
      takes.set(
        id,
        holds
          ? { fromStock, fromReserved: fromReserved + quantity }
          : { fromStock: fromStock + quantity, fromReserved },
      );
    }
  }
  const sorted = [...takes].sort(([a], [b]) => (a < b ? -1 : 1));
  return { confirmed, cancelled, takes: sorted.map(([variantId, units]) => ({ variantId, ...units })) };
}

function mergeLines(lines: OrderToSettle['lines']): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { variantId, quantity } of lines) wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity);
  return wanted;
}
