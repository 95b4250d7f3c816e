/** Whatever is put into a cart: each variant is in it or reported, in one currency, at the larger quantity and its price. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { planLines } from '../../models/cart/ensure-lines.ts';
import type { Currency } from '../../models/contract/money.ts';
import { type Offer, priceIn } from '../../models/contract/pricing/price-in.ts';
import { findShippingFee } from '../../models/pricing/shipping-fee.ts';
import { anOffer } from '../support/offers.ts';

const IDS = Array.from({ length: 6 }, () => new Types.ObjectId());
const currency = fc.constantFrom<Currency>('NGN', 'USD', 'GHS');
const wantedLine = fc.record({ index: fc.nat({ max: IDS.length - 1 }), quantity: fc.integer({ min: 1, max: 999 }) });
const offer = fc.option(anOffer);

test('each variant is put in or missed, once; all lines are in one currency that has a fee', () => {
  fc.assert(
    fc.property(
      fc.array(wantedLine, { minLength: 1, maxLength: 12 }),
      fc.array(offer, { minLength: IDS.length, maxLength: IDS.length }),
      fc.option(currency),
      fc.uniqueArray(fc.record({ amount: fc.nat({ max: 1_000 }), currency }), { selector: (fee) => fee.currency }),
      fc.option(currency, { nil: undefined }),
      (picked, offers, cartCurrency, fees, chosen) => {
        const wanted = picked.map(({ index, quantity }) => ({
          variantId: IDS[index] ?? new Types.ObjectId(),
          quantity,
        }));
        const purchasable = new Map<string, Offer>(
          offers.flatMap((one, index) => (one === null ? [] : [[String(IDS[index]), one] as const])),
        );
        const plan = planLines(wanted, purchasable, cartCurrency, { fees, chosen });
        const put = plan.lines.map(({ variantId }) => String(variantId));
        const missed = plan.missed.map(({ variantId }) => variantId);
        expect([...put, ...missed].sort()).toEqual(
          [...new Set(wanted.map(({ variantId }) => String(variantId)))].sort(),
        );
        for (const { variantId, quantity, price } of plan.lines) {
          const same = wanted.filter((one) => one.variantId.equals(variantId));
          expect(quantity).toBe(Math.max(...same.map((one) => one.quantity)));
          const own = purchasable.get(String(variantId));
          expect(own && priceIn(own, plan.currency ?? 'XOF')).toBe(price);
        }
        if (put.length > 0) {
          expect(cartCurrency ?? plan.currency).toBe(plan.currency);
          expect(plan.currency === null ? null : findShippingFee(fees, plan.currency)).not.toBeNull();
        }
        const isEmpty = cartCurrency === null && plan.lines.length > 0;
        const first = plan.lines[0] && purchasable.get(String(plan.lines[0].variantId));
        if (
          isEmpty &&
          first &&
          chosen !== undefined &&
          priceIn(first, chosen) !== null &&
          findShippingFee(fees, chosen)
        )
          expect(plan.currency).toBe(chosen);
      },
    ),
    { numRuns: 1_000 },
  );
});
