/** Whatever is put into a cart: each variant is in it or reported, in one currency, at the larger quantity. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { planLines } from '../../models/cart/ensure-lines.ts';
import type { Currency } from '../../models/contract/money.ts';
import { findShippingFee } from '../../models/pricing/shipping-fee.ts';

const IDS = Array.from({ length: 6 }, () => new Types.ObjectId());
const currency = fc.constantFrom<Currency>('NGN', 'USD', 'GHS');
const wantedLine = fc.record({ index: fc.nat({ max: IDS.length - 1 }), quantity: fc.integer({ min: 1, max: 999 }) });
const offer = fc.option(fc.record({ price: fc.integer({ min: 1, max: 1_000 }), currency }));

test('each variant is put in or missed, once; all lines are in one currency that has a fee', () => {
  fc.assert(
    fc.property(
      fc.array(wantedLine, { minLength: 1, maxLength: 12 }),
      fc.array(offer, { minLength: IDS.length, maxLength: IDS.length }),
      fc.option(currency),
      fc.uniqueArray(fc.record({ amount: fc.nat({ max: 1_000 }), currency }), { selector: (fee) => fee.currency }),
      (picked, offers, cartCurrency, fees) => {
        const wanted = picked.map(({ index, quantity }) => ({
          variantId: IDS[index] ?? new Types.ObjectId(),
          quantity,
        }));
        const purchasable = new Map(
          offers.flatMap((one, index) => (one === null ? [] : [[String(IDS[index]), one] as const])),
        );
        const plan = planLines(wanted, purchasable, cartCurrency, fees);
        const put = plan.lines.map(({ variantId }) => String(variantId));
        const missed = plan.missed.map(({ variantId }) => variantId);
        expect([...put, ...missed].sort()).toEqual(
          [...new Set(wanted.map(({ variantId }) => String(variantId)))].sort(),
        );
        for (const { variantId, quantity, price } of plan.lines) {
          const same = wanted.filter((one) => one.variantId.equals(variantId));
          expect(quantity).toBe(Math.max(...same.map((one) => one.quantity)));
          expect(purchasable.get(String(variantId))).toEqual({ price, currency: plan.currency });
        }
        if (put.length > 0) {
          expect(cartCurrency ?? plan.currency).toBe(plan.currency);
          expect(plan.currency === null ? null : findShippingFee(fees, plan.currency)).not.toBeNull();
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
