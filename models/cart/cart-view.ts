/**
 * Reads of a cart: its lines at current prices, with the available units and the reasons why checkout would refuse it.
 */

import type { Types } from 'mongoose';
import { isPurchasable, unitsAvailable } from '../catalogue/availability.ts';
import { findVariants, type OfferedVariant, type VariantsById } from '../catalogue/find-variants.ts';
import type { CartLine, CartProblem, CartView, EnsuredCart } from '../contract/cart.ts';
import { type Currency, formatMoney } from '../contract/money.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { multiply } from '../money.ts';
import { mixedCurrenciesText, priceOrder } from '../pricing/price-order.ts';
import { findShippingFee, noFeeIn, noFeeText, type ShippingFees } from '../pricing/shipping-fee.ts';
import type { Cart } from './cart-document.ts';
import { addToCart } from './change-cart.ts';
import { ensureInCart, planLines, type WantedLine } from './ensure-lines.ts';

/** The shop's settings that a cart's totals depend on. */
export interface ShopTerms {
  shippingFees: ShippingFees;
  /** Of an empty cart. */
  currency: Currency;
}

/** Writes nothing: a price that has changed is reported until it was seen. */
export async function viewCart(db: Database, cart: Cart, terms: ShopTerms): Promise<CartView> {
  return viewOf(cart, await findVariants(db, idsOf(cart)), terms);
}

/** Prices lines as a cart of them would be. Writes nothing. The currency is that of the first line whose variant exists. */
export async function quoteCart(db: Database, lines: readonly WantedLine[], terms: ShopTerms): Promise<CartView> {
  const variants = await findVariants(
    db,
    lines.map(({ variantId }) => variantId),
  );
  const items = lines.map(({ variantId, quantity, seenPrice }) => ({
    variantId,
    quantity,
    unitPrice: seenPrice ?? variants.get(String(variantId))?.price ?? 0,
  }));
  const [first] = items.flatMap(({ variantId }) => variants.get(String(variantId)) ?? []);
  return viewOf({ items, currency: first?.currency ?? null }, variants, terms);
}

/**
 * Adds units of a variant (see addToCart) and returns the cart after that, which is written while its other variants are
 * read. `known` and `added` are cart and variant as this call has read them, undefined for an unknown one. Throws NOT_FOUND if the variant is unknown, or if it or its
 * product is archived. Throws INVALID_INPUT if the shop has no shipping fee in its currency, and the errors of addToCart.
 */
export async function addItem(
  db: Database,
  known: Cart,
  { added, quantity }: { added: OfferedVariant | undefined; quantity: number },
  terms: ShopTerms,
): Promise<CartView> {
  if (!isPurchasable(added, added?.product)) throw notFound('Variant');
  const { _id: variantId, price, currency } = added;
  if (findShippingFee(terms.shippingFees, currency) === null) throw noFeeIn(terms.shippingFees, currency, 'variantId');
  const [cart, others] = await Promise.all([
    addToCart(db, known._id, { variantId, price, currency }, quantity, known),
    findVariants(
      db,
      idsOf(known).filter((id) => !id.equals(variantId)),
    ),
  ]);
  return viewAfter(db, cart, new Map([...others, [String(variantId), added]]), terms);
}

/**
 * Makes sure that the cart has at least the given units of each line, and reports the lines that cannot be put in. May be
 * repeated and raced: the quantity is the larger of the two. The stock is not checked here:
 * the cart reports shortages. Throws OVERLOADED.
 */
export async function ensureLines(
  db: Database,
  known: Cart,
  wanted: readonly WantedLine[],
  terms: ShopTerms,
): Promise<EnsuredCart> {
  const variants = await findVariants(db, [...wanted.map(({ variantId }) => variantId), ...idsOf(known)]);
  const purchasable = new Map([...variants].filter(([, variant]) => isPurchasable(variant, variant.product)));
  const planFor = (currency: Currency | null) => planLines(wanted, purchasable, currency, terms.shippingFees);
  const { cart, missed } = await ensureInCart(db, known._id, planFor, known);
  return { cart: await viewAfter(db, cart, variants, terms), missed };
}

/** The view of a cart whose variants are partly read; the others are those that it held or that another call added. */
async function viewAfter(db: Database, cart: Cart, read: VariantsById, terms: ShopTerms): Promise<CartView> {
  const missing = idsOf(cart).filter((id) => !read.has(String(id)));
  return viewOf(cart, new Map([...read, ...(await findVariants(db, missing))]), terms);
}

function idsOf({ items }: StoredCart): Types.ObjectId[] {
  return items.map(({ variantId }) => variantId);
}

type StoredCart = Pick<Cart, 'items' | 'currency'>;

/** The totals count what can be had: a line that is short counts with the units that are left. */
function viewOf(cart: StoredCart, variants: VariantsById, terms: ShopTerms): CartView {
  const currency = cart.currency ?? terms.currency;
  const read = cart.items.map((item) => lineOf(item, variants.get(String(item.variantId)), currency));
  const lines = read.map(({ line }) => line);
  const counted = lines
    .filter(({ available }) => available > 0)
    .map(({ unitPrice, available }) => ({ unitPrice, quantity: available }));
  const { subtotal, shippingFee, total } = priceOrder(counted, currency, terms.shippingFees);
  return {
    lines,
    itemCount: lines.reduce((count, { quantity }) => count + quantity, 0),
    subtotal,
    shippingFee,
    total,
    currency,
    refusal: refusalOf(
      cart.items.map(({ variantId }) => variants.get(String(variantId))?.currency ?? currency),
      currency,
      terms,
    ),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Why checkout would refuse a cart of these currencies; null for an empty one. */
function refusalOf(currencies: readonly Currency[], currency: Currency, { shippingFees }: ShopTerms): string | null {
  const mixed = mixedCurrenciesText(currencies);
  if (currencies.length === 0) return null;
  const why = mixed ?? (findShippingFee(shippingFees, currency) === null ? noFeeText(shippingFees, currency) : null);
  return why === null ? null : `This cart cannot be ordered: ${why}.`;
}

function lineOf(
  item: Cart['items'][number],
  variant: OfferedVariant | undefined,
  currency: Currency,
): { line: CartLine; problems: CartProblem[] } {
  const { quantity } = item;
  const unitPrice = variant?.price ?? item.unitPrice;
  const purchasable = isPurchasable(variant, variant?.product);
  const available = Math.min(unitsAvailable(variant, variant?.product), quantity);
  const variantId = String(item.variantId);
  const line: CartLine = {
    variantId,
    productId: variant === undefined ? null : String(variant.productId),
    sku: variant?.sku ?? '',
    productTitle: variant?.product?.title ?? 'No longer sold',
    variantTitle: variant?.title ?? '',
    slug: variant?.product?.slug ?? '',
    picture: variant?.product?.picture ?? null,
    quantity,
    unitPrice,
    lineTotal: multiply(unitPrice, available),
    available,
    shortage: available < quantity,
  };
  const problems: CartProblem[] = [];
  if (!purchasable)
    problems.push({ variantId, kind: 'unavailable', message: 'No longer sold; take it out to check out.' });
  else if (line.shortage) problems.push({ variantId, kind: 'short', message: shortText(available) });
  if (purchasable && unitPrice !== item.unitPrice) {
    const before = formatMoney({ amount: item.unitPrice, currency });
    problems.push({ variantId, kind: 'price_changed', message: `The price has changed: it was ${before}.` });
  }
  return { line, problems };
}

function shortText(available: number): string {
  return available === 0 ? 'Sold out.' : `Only ${available} left.`;
}
