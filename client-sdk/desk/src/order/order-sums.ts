import type { Currency, StaffOrder } from '@orders-module/client';

/** The captured money in one currency and its parts, in subunits. */
export interface OrderSums {
  currency: Currency;
  captured: number;
  /** By refund, by dispute and another way. */
  returned: number;
  /** Of refunds that have not ended. */
  returning: number;
  /** null while Paystack has not said all of them. */
  fees: number | null;
  /** The rest for the shop, without money that is on its way back; null while the fees are not known. */
  net: number | null;
}

/** One entry for each currency in which something was captured. */
export function sumsOf({ payments }: Pick<StaffOrder, 'payments'>): OrderSums[] {
  const sums = new Map<Currency, Omit<OrderSums, 'net'>>();
  for (const { amount, fees, returned } of payments) {
    if (amount === null || returned === null) continue;
    const { currency, byRefund, byDispute, elsewhere, open } = returned;
    const before = sums.get(currency) ?? { currency, captured: 0, returned: 0, returning: 0, fees: 0 };
    sums.set(currency, {
      currency,
      captured: before.captured + amount,
      returned: before.returned + byRefund + byDispute + elsewhere,
      returning: before.returning + open,
      fees: before.fees === null || fees === null ? null : before.fees + fees,
    });
  }
  return [...sums.values()].map((sum) => ({
    ...sum,
    net: sum.fees === null ? null : sum.captured - sum.returned - sum.returning - sum.fees,
  }));
}
