/** The sums that were paid, went back and are on their way, for customers and staff. */
import type { OrderView } from '../../../models/contract/orders.ts';
import type { StaffOrderView } from '../../../models/contract/staff-orders.ts';
import type { Order, PaymentAttempt } from '../../../models/order/order-document.ts';
import { findLeadingCharge } from '../../../models/order/payment-status.ts';
import { returnedMoney, returnedSum } from '../../../models/payment/returned-money.ts';

/** Of the charge that pays the order, before there is one of the last that was captured. */
export function toMoneyView(
  order: Pick<Order, 'payments' | 'paidReference' | 'refunds' | 'disputes' | 'currency'>,
): OrderView['money'] {
  const charge = findLeadingCharge(order);
  if (charge?.amount === undefined) return null;
  const money = returnedMoney(order, charge);
  const { captured: paid, open, currency } = money;
  const returned = returnedSum(money);
  return { paid, returned, returning: Math.min(paid - returned, open), currency };
}

export function toReturnedView(order: Order, charge: PaymentAttempt): StaffOrderView['payments'][number]['returned'] {
  if (charge.amount === undefined) return null;
  const { captured: _, ...returned } = returnedMoney(order, charge);
  return returned;
}
