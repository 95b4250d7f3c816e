/** Which orders are in which of staff's lists: as a condition of the database, and of one order. */
import type { OrderList } from '../../contract/desk/order-lists.ts';
import type { Order } from '../order-document.ts';

export const LIST_CONDITIONS = {
  to_ship: { status: 'confirmed' },
  unpaid: { status: 'pending', paymentStatus: 'unpaid' },
  shipped: { status: 'shipped' },
  delivered: { status: 'delivered' },
  cancelled: { status: { $in: ['cancelled', 'refunded'] } },
} as const satisfies Record<OrderList, object>;

/** Null for a pending order that has paid, which waits for its settlement or for staff. */
export function listOf({ status, paymentStatus }: Pick<Order, 'status' | 'paymentStatus'>): OrderList | null {
  switch (status) {
    case 'pending':
      return paymentStatus === 'unpaid' ? 'unpaid' : null;
    case 'confirmed':
      return 'to_ship';
    case 'shipped':
    case 'delivered':
      return status;
    case 'cancelled':
    case 'refunded':
      return 'cancelled';
  }
}
