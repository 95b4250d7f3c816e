import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
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
  /** Units to take of each variant, ids sorted: from `reserved` for orders with a reservation, else from `stock`. */
  takes: { variantId: string; fromStock: number; fromReserved: number }[];
}

/**
 * Decides which paid orders the stock covers: first come, first served, each order whole or not at all. A reservation
 * always covers its own order. `stock` has units by variant id; a missing variant counts as 0. Pure.
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
    const ordered = quantitiesByVariant(order.lines);
    const reserved = order.reservation === 'reserved';
    const covered =
      reserved ||
      ordered.every(({ variantId: id, quantity }) => taken(id).fromStock + quantity <= (stock.get(id) ?? 0));
    if (!covered) {
      cancelled.push(order.id);
      continue;
    }
    confirmed.push(order.id);
    for (const { variantId: id, quantity } of ordered) {
      const { fromStock, fromReserved } = taken(id);
      takes.set(
        id,
        reserved
          ? { fromStock, fromReserved: fromReserved + quantity }
          : { fromStock: fromStock + quantity, fromReserved },
      );
    }
  }
  const sorted = [...takes].sort(([a], [b]) => (a < b ? -1 : 1));
  return { confirmed, cancelled, takes: sorted.map(([variantId, units]) => ({ variantId, ...units })) };
}
