import type { Currency } from '@orders-module/client';

/** "US dollars", for a sentence or a choice. */
export function currencyName(currency: Currency): string {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'name' }).formatToParts(2);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}
