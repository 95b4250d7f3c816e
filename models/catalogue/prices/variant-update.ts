import { type Currency, formatMoney } from '../../contract/money.ts';
import { auditEntry, type CatalogActor } from '../catalogue-change.ts';
import type { Variant } from '../variant.ts';
import { otherPricesText, storedPrices } from './other-prices.ts';

/** A field that is undefined stays as it is. An empty list takes all other prices out. */
export type VariantChanges = { [K in 'title' | 'price' | 'otherPrices']?: Variant[K] | undefined };

/** The update of the fields that are given, with its audit entry; null when none is given. `currency`: the variant's. */
export function variantUpdate(
  verb: 'edited' | 'imported',
  { title, price, otherPrices }: VariantChanges,
  currency: Currency,
  by: CatalogActor,
) {
  const words = [
    ...(title === undefined ? [] : [`title: ${title}`]),
    ...(price === undefined ? [] : [`price: ${formatMoney({ amount: price, currency })}`]),
    ...(otherPrices === undefined
      ? []
      : [otherPrices.length === 0 ? 'no other prices' : `other prices: ${otherPricesText(otherPrices)}`]),
  ];
  if (words.length === 0) return null;
  const set = {
    ...(title === undefined ? {} : { title }),
    ...(price === undefined ? {} : { price }),
    ...storedPrices(otherPrices),
  };
  return {
    ...(Object.keys(set).length === 0 ? {} : { $set: set }),
    ...(otherPrices?.length === 0 ? { $unset: { otherPrices: 1 as const } } : {}),
    ...auditEntry(`${verb} ${words.join(', ')}`, by),
  };
}
