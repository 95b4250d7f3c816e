/** The currency of a cart's lines: which ones it can be paid in, and its change. Pure. */
import { isPurchasable } from '../catalogue/availability.ts';
import type { OfferedVariant, VariantsById } from '../catalogue/find-variants.ts';
import type { Currency } from '../contract/money.ts';
import { priceIn } from '../contract/pricing/price-in.ts';
import { invalidInput } from '../errors.ts';
import { commonCurrencies, currenciesText, payableOffer } from '../pricing/payable-offer.ts';
import { findShippingFee, noFeeIn, type ShippingFees } from '../pricing/shipping-fee.ts';
import { type Cart, type CartContents, contentsOf } from './cart-document.ts';

type Lines = Pick<Cart, 'items'>;

/** The variants of its lines that are for sale. The others decide nothing about its currency. */
function soldIn({ items }: Lines, variants: VariantsById): OfferedVariant[] {
  return items.flatMap(({ variantId }) => {
    const variant = variants.get(String(variantId));
    return isPurchasable(variant, variant?.product) ? [variant] : [];
  });
}

/** Those that the whole cart can be paid in, its own one first, then by code. Of a cart with nothing for sale: its own. */
export function currenciesOf(cart: Lines, currency: Currency, variants: VariantsById, fees: ShippingFees): Currency[] {
  const sold = soldIn(cart, variants);
  if (sold.length === 0) return [currency];
  const common = commonCurrencies(sold, fees);
  return [...common.filter((one) => one === currency), ...common.filter((one) => one !== currency)];
}

/** Completes the sentence "This cart cannot be ordered: …"; null when each line for sale has a price in `currency`. */
export function unpricedText(
  cart: Lines,
  currency: Currency,
  variants: VariantsById,
  fees: ShippingFees,
): string | null {
  const sold = soldIn(cart, variants);
  const unpriced = sold.filter((variant) => priceIn(variant, currency) === null);
  const [first, ...more] = unpriced;
  if (first === undefined) return null;
  const common = commonCurrencies(sold, fees);
  const which = more.length === 0 ? `${nameOf(first)} has` : `${unpriced.length} of its items have`;
  const them = more.length === 0 ? 'it' : 'them';
  if (common.length > 0) return `${which} no price in ${currency}; pay in ${common.join(' or ')}, or take ${them} out`;
  const own = unpriced.flatMap((variant) => payableOffer(variant, fees)?.currency ?? []);
  const isPaidIn = unpriced.length < sold.length && findShippingFee(fees, currency) !== null;
  const several = [...new Set([...own, ...(isPaidIn ? [currency] : [])])].sort();
  if (several.length > 1) return `its items are priced in ${several.join(' and ')}; keep those of one currency`;
  return `${which} no price in ${currency}; take ${them} out`;
}

/**
 * The lines at their prices in `currency`. A line that is not for sale and has none keeps its place, without a price that was
 * seen. Throws INVALID_INPUT if the shop has no fee in it, or a line for sale no price.
 */
export function withCurrency(
  cart: CartContents,
  currency: Currency,
  variants: VariantsById,
  fees: ShippingFees,
): CartContents {
  if (findShippingFee(fees, currency) === null) throw noFeeIn(fees, currency, 'currency');
  const unpriced = soldIn(cart, variants).find((variant) => priceIn(variant, currency) === null);
  if (unpriced !== undefined)
    throw invalidInput(
      'currency',
      `${nameOf(unpriced)} has no price in ${currency}; it is priced in ${currenciesText(unpriced)}`,
    );
  if (cart.currency === null || cart.currency === currency) return cart;
  const items = cart.items.map((item) => {
    const variant = variants.get(String(item.variantId));
    return { ...item, unitPrice: (variant && priceIn(variant, currency)) ?? 0 };
  });
  return contentsOf(items, currency);
}

function nameOf({ title, product }: OfferedVariant): string {
  return product === undefined ? `“${title}”` : `“${product.title}, ${title}”`;
}
