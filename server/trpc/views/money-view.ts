import type { StaffOrderView } from '../../../models/contract/staff-orders.ts';
import type { Order, PaymentAttempt } from '../../../models/order/order-document.ts';
import { returnedMoney } from '../../../models/payment/returned-money.ts';

export function toReturnedView(order: Order, charge: PaymentAttempt): StaffOrderView['payments'][number]['returned'] {
  if (charge.amount === undefined) return null;
  const { captured: _, ...returned } = returnedMoney(order, charge);
  return returned;
}
