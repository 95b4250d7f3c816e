/** Arbitrary prices of a variant: an own one, and others in further currencies. No two of them are the same number. */
import fc from 'fast-check';
import type { Currency } from '../../models/contract/money.ts';
import type { Offer } from '../../models/contract/pricing/price-in.ts';

export const anyCurrency = fc.constantFrom<Currency>('NGN', 'USD', 'GHS');

/** Far apart, so that the number of one currency cannot pass for that of another. */
const PLACE: Partial<Record<Currency, number>> = { NGN: 1_000_000, USD: 2_000_000, GHS: 3_000_000 };

const onePrice = fc.record({ currency: anyCurrency, price: fc.integer({ min: 1, max: 1_000 }) }).map((one) => ({
  currency: one.currency,
  price: (PLACE[one.currency] ?? 0) + one.price,
}));

export const anOffer: fc.Arbitrary<Offer> = fc
  .uniqueArray(onePrice, { minLength: 1, maxLength: 3, selector: ({ currency }) => currency })
  .map(([own = { currency: 'NGN' as const, price: 1 }, ...otherPrices]) => ({ ...own, otherPrices }));
