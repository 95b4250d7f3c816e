/** cart.setCurrency: the whole cart in another currency, by one write. */
import { findVariants, type VariantsById } from '../catalogue/find-variants.ts';
import type { Currency } from '../contract/money.ts';
import type { Database } from '../db/database.ts';
import type { ShippingFees } from '../pricing/shipping-fee.ts';
import { withCurrency } from './cart-currency.ts';
import type { Cart, CartContents } from './cart-document.ts';
import { changeCart, overloaded } from './write-cart.ts';

/** How often variants are read that others put in meanwhile, before OVERLOADED. */
const ATTEMPTS = 8;

/**
 * Puts each line at its price in `currency`. `known` is the cart as this call has read it. May be repeated and raced: the
 * change is decided anew on the cart that won. Throws the errors of withCurrency, OVERLOADED.
 */
export async function setCartCurrency(
  db: Database,
  known: Cart,
  currency: Currency,
  fees: ShippingFees,
): Promise<{ cart: Cart; variants: VariantsById }> {
  let before = known;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const ids = before.items.map(({ variantId }) => variantId);
    const variants = await findVariants(db, ids);
    const read = new Set(ids.map(String));
    let isRead = true;
    const change = (cart: CartContents) => {
      isRead = cart.items.every(({ variantId }) => read.has(String(variantId)));
      return isRead ? withCurrency(cart, currency, variants, fees) : cart;
    };
    const cart = await changeCart(db, known._id, change, before);
    if (isRead) return { cart, variants };
    before = cart;
  }
  throw overloaded();
}
