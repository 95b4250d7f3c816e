/** A variant's prices in other currencies, as forms have them: one field for each. */
import { formatMoney, parseMoney } from '@orders-module/client';
import { MAX_PRICE } from '../../../../models/contract/limits.ts';
import { type Currency, toDecimal } from '../../../../models/contract/money.ts';
import type { OtherPrice } from '../../../../models/contract/pricing/price-in.ts';
import { currencyName } from '../../../parts/ui/currency-name.ts';

export const priceField = (currency: Currency) => `price.${currency}`;

const NOT_A_PRICE = 'Write a price like 20 or 20.50.';

/** The prices that are typed into the fields after `prefix`; an empty field is none. */
export function readOtherPrices(
  form: FormData,
  prefix: string,
  currencies: readonly Currency[],
): { value: OtherPrice[] } | { errors: Record<string, string> } {
  const typed = currencies.flatMap((currency) => {
    const name = `${prefix}${priceField(currency)}`;
    const text = String(form.get(name) ?? '').trim();
    return text === '' ? [] : [{ name, currency, price: parseMoney(text, currency) ?? 0 }];
  });
  const wrong = typed.filter(({ price }) => price < 1 || price > MAX_PRICE);
  if (wrong.length > 0) return { errors: Object.fromEntries(wrong.map(({ name }) => [name, NOT_A_PRICE])) };
  return { value: typed.map(({ currency, price }) => ({ currency, price })) };
}

/** The texts of the fields, by their names. */
export function storedPriceFields(
  prices: readonly OtherPrice[],
  currencies: readonly Currency[],
): Record<string, string> {
  return Object.fromEntries(
    currencies.map((currency) => {
      const stored = prices.find((price) => price.currency === currency);
      return [priceField(currency), stored === undefined ? '' : toDecimal(stored.price, currency)];
    }),
  );
}

/** The changes that shoppers will see. */
export function priceEffects(before: readonly OtherPrice[], after: readonly OtherPrice[]): string[] {
  const money = ({ currency, price: amount }: OtherPrice) => formatMoney({ amount, currency });
  const changed = after.flatMap((price) => {
    const old = before.find(({ currency }) => currency === price.currency);
    if (old === undefined) return [`Also sold for ${money(price)}`];
    return old.price === price.price ? [] : [`${money(old)} → ${money(price)}, also in carts`];
  });
  const gone = before.filter(({ currency }) => !after.some((price) => price.currency === currency));
  return [
    ...changed,
    ...gone.map(({ currency }) => `No price in ${currencyName(currency)} any more: carts in it cannot be ordered`),
  ];
}
