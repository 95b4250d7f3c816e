import { formatMoney, type Money } from '@orders-module/client';

type Currency = Money['currency'];

/** The change since the shopper saw the total: of the cart's currency, or of the total itself, in words. */
export type ChangedPrice = { of: 'currency'; currency: Currency } | { of: 'total'; before: string; after: string };

/** `shown`: the currency that the refused total was shown in. `cart`: that of the cart now, which another tab may change. */
export function changedPrice(
  { expectedTotal, total, currency }: { expectedTotal: number; total: number; currency: string },
  { shown, cart }: { shown: Currency; cart: Currency },
): ChangedPrice {
  if (currency !== shown || currency !== cart) return { of: 'currency', currency: cart };
  const text = (amount: number) => formatMoney({ amount, currency: shown });
  return { of: 'total', before: text(expectedTotal), after: text(total) };
}
