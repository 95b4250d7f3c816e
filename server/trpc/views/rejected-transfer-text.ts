import { describeAmount } from '../../../models/contract/money.ts';
import type { Order } from '../../../models/order/order-document.ts';
import type { RejectedTransfer } from '../../../models/transfer/rejected-transfer.ts';

/** For staff. */
export function describeRejectedTransfer(
  { currency, total }: Pick<Order, 'currency' | 'total'>,
  { amount, cause }: Pick<RejectedTransfer, 'amount' | 'cause'>,
): string {
  const transfer = amount === null ? 'a bank transfer' : `a bank transfer of ${describeAmount(amount, currency)}`;
  const why = cause === 'wrong_amount' ? `, because ${describeAmount(total, currency)} is to be paid` : '';
  return `Paystack did not accept ${transfer}${why}. The money goes back by itself, and the customer can try again`;
}
