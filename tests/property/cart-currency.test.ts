/** Whatever is put into a cart and however its currency changes: each number stored is the variant's price in that currency. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { currenciesOf, unpricedText, withCurrency } from '../../models/cart/cart-currency.ts';
import { type CartContents, contentsOf } from '../../models/cart/cart-document.ts';
import { withAdded } from '../../models/cart/change-cart.ts';
import { planLines, withEnsured } from '../../models/cart/ensure-lines.ts';
import type { OfferedVariant } from '../../models/catalogue/find-variants.ts';
import type { Currency } from '../../models/contract/money.ts';
import { type Offer, priceIn } from '../../models/contract/pricing/price-in.ts';
import { isAppError } from '../../models/errors.ts';
import { payableOffer } from '../../models/pricing/payable-offer.ts';
import { anOffer, anyCurrency } from '../support/offers.ts';

const IDS = Array.from({ length: 4 }, () => new Types.ObjectId());
const FEES = (['NGN', 'USD', 'GHS'] as const).map((currency) => ({ amount: 5_00, currency }));
const fees = fc.subarray(FEES, { minLength: 1 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), index: fc.nat({ max: 3 }), chosen: fc.option(anyCurrency) }),
  fc.record({ kind: fc.constant('ensure' as const), index: fc.nat({ max: 3 }), chosen: fc.option(anyCurrency) }),
  fc.record({ kind: fc.constant('currency' as const), currency: anyCurrency }),
  fc.record({ kind: fc.constant('archive' as const), index: fc.nat({ max: 3 }) }),
);

function asVariant(offer: Offer, _id: Types.ObjectId): OfferedVariant {
  const named = { productId: new Types.ObjectId(), sku: 'S', title: 'One', product: { slug: 's', title: 'Thing' } };
  return {
    _id,
    ...named,
    price: offer.price,
    currency: offer.currency,
    otherPrices: offer.otherPrices ?? [],
    stock: 9,
  };
}

/** The cart as it was where the step is refused. */
function orRefused(cart: CartContents, change: () => CartContents): CartContents {
  try {
    return change();
  } catch (error) {
    if (isAppError(error, 'INVALID_INPUT')) return cart;
    throw error;
  }
}

test('each line is at its price in the cart’s currency, or is not for sale and counts nothing', () => {
  fc.assert(
    fc.property(
      fc.array(anOffer, { minLength: 4, maxLength: 4 }),
      fees,
      fc.array(step, { maxLength: 12 }),
      (offers, taken, steps) => {
        const variants = new Map(
          offers.map((offer, index) => {
            const id = IDS[index] ?? new Types.ObjectId();
            return [String(id), asVariant(offer, id)] as const;
          }),
        );
        let cart: CartContents = contentsOf([], null);
        const next = (one: (typeof steps)[number]): CartContents => {
          if (one.kind === 'currency') return withCurrency(cart, one.currency, variants, taken);
          const id = IDS[one.index] ?? new Types.ObjectId();
          const variant = variants.get(String(id));
          if (variant === undefined || variant.archivedAt !== undefined) return cart;
          if (one.kind === 'archive') {
            variants.set(String(id), { ...variant, archivedAt: new Date(0) });
            return cart;
          }
          const chosen = one.chosen ?? undefined;
          if (one.kind === 'ensure') {
            const sold = new Map([...variants].filter(([, { archivedAt }]) => archivedAt === undefined));
            const wanted = [{ variantId: id, quantity: 2 }];
            return withEnsured(cart, planLines(wanted, sold, cart.currency, { fees: taken, chosen }));
          }
          const payable = payableOffer(variant, taken, chosen);
          return payable === null ? cart : withAdded(cart, { variantId: id, ...payable }, 1);
        };
        for (const one of steps) {
          cart = orRefused(cart, () => next(one));
          assertPriced(cart, variants, taken);
        }
      },
    ),
    { numRuns: 500 },
  );
});

function assertPriced(
  cart: CartContents,
  variants: ReadonlyMap<string, OfferedVariant>,
  taken: readonly { amount: number; currency: Currency }[],
): void {
  expect(cart.currency === null).toBe(cart.items.length === 0);
  if (cart.currency === null) return;
  const { currency } = cart;
  for (const { variantId, unitPrice } of cart.items) {
    const variant = variants.get(String(variantId));
    if (variant === undefined) throw new Error('a line without its variant');
    const price = priceIn(variant, currency);
    expect(unitPrice).toBe(price ?? 0);
    if (variant.archivedAt === undefined) expect(price).not.toBeNull();
  }
  expect(unpricedText(cart, currency, variants, taken)).toBeNull();
  for (const one of currenciesOf(cart, currency, variants, taken))
    expect(withCurrency(cart, one, variants, taken).currency).toBe(one);
}
