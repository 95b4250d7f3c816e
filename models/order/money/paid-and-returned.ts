import type { Currency } from '../../contract/money.ts';
import { returnedMoney, returnedSum } from '../../payment/returned-money.ts';
import type { Order } from '../order-document.ts';
import { findLeadingCharge } from '../payment-status.ts';

/** Subunits of `currency`, the charge's. */
export interface PaidAndReturned {
  paid: number;
  /** Has gone back to the customer. */
  returned: number;
  /** Is on its way back; together with `returned` never more than `paid`. */
  returning: number;
  currency: Currency;
}

/** Of the charge that pays the order, before there is one of the last that was captured; null before any. Pure. */
export function paidAndReturned(
  order: Pick<Order, 'payments' | 'paidReference' | 'refunds' | 'disputes' | 'currency'>,
): PaidAndReturned | null {
  const charge = findLeadingCharge(order);
  if (charge?.amount === undefined) return null;
  const money = returnedMoney(order, charge);
  const { captured: paid, open, currency } = money;
  const returned = returnedSum(money);
  return { paid, returned, returning: Math.min(paid - returned, open), currency };
}
