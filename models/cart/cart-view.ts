/**
 * Reads of a cart: its lines at current prices, with the available units and the reasons why checkout would refuse it.
 */

import type { Types } from 'mongoose';
import { isPurchasable, unitsAvailable } from '../catalogue/availability.ts';
import { findVariants, type OfferedVariant, type VariantsById } from '../catalogue/find-variants.ts';
import type { CartLine, CartProblem, CartView, EnsuredCart } from '../contract/cart.ts';
import { type Currency, formatMoney } from '../contract/money.ts';
import { priceIn } from '../contract/pricing/price-in.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { multiply } from '../money.ts';
import { currenciesText, firstCurrency, payableOffer } from '../pricing/payable-offer.ts';
import { priceOrder } from '../pricing/price-order.ts';
import { findShippingFee, noFeeIn, noFeeText, type ShippingFees } from '../pricing/shipping-fee.ts';
import { currenciesOf, unpricedText } from './cart-currency.ts';
import type { Cart } from './cart-document.ts';
import { addToCart } from './change-cart.ts';
import { ensureInCart, isSeenIn, planLines, type WantedLine } from './ensure-lines.ts';
import { setCartCurrency } from './set-currency.ts';

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

/**
 * Prices lines as a cart of them would be. Writes nothing. The currency is the visitor's choice, if a line for sale has a price
 * in it; else that of the first.
 */
export async function quoteCart(
  db: Database,
  lines: readonly WantedLine[],
  terms: ShopTerms,
  chosen?: Currency,
): Promise<CartView> {
  const variants = await findVariants(
    db,
    lines.map(({ variantId }) => variantId),
  );
  const known = lines.flatMap(({ variantId }) => variants.get(String(variantId)) ?? []);
  const sold = known.filter((variant) => isPurchasable(variant, variant.product));
  const [first] = sold.length > 0 ? sold : known;
  const payable = firstCurrency(sold.length > 0 ? sold : known, terms.shippingFees, chosen);
  const currency = payable ?? first?.currency ?? chosen ?? terms.currency;
  const items = lines.map(({ variantId, quantity, seenPrice }) => {
    const variant = variants.get(String(variantId));
    const seen = isSeenIn(currency, variant, chosen) ? seenPrice : undefined;
    return { variantId, quantity, unitPrice: seen ?? (variant && priceIn(variant, currency)) ?? 0 };
  });
  return viewOf({ items, currency }, variants, terms);
}

/**
 * Adds units of a variant (see addToCart) and returns the cart after that, which is written while its other variants are
 * read. `known` and `added` are cart and variant as this call has read them, undefined for an unknown one. Throws NOT_FOUND if the variant is unknown, or if it or its
 * product is archived. Throws INVALID_INPUT if the shop has no shipping fee in its currencies, and the errors of addToCart.
 */
export async function addItem(
  db: Database,
  known: Cart,
  { added, quantity, chosen }: { added: OfferedVariant | undefined; quantity: number; chosen?: Currency | undefined },
  terms: ShopTerms,
): Promise<CartView> {
  if (!isPurchasable(added, added?.product)) throw notFound('Variant');
  const { _id: variantId, currency } = added;
  if (known.currency !== null && findShippingFee(terms.shippingFees, known.currency) === null)
    throw invalidInput('variantId', `the cart is in ${known.currency}, in which the shop takes no orders any more`);
  const payable = payableOffer(added, terms.shippingFees, chosen);
  if (payable === null) throw noFeeIn(terms.shippingFees, currency, 'variantId');
  const [cart, others] = await Promise.all([
    addToCart(db, known._id, { variantId, ...payable }, quantity, known),
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
  chosen?: Currency,
): Promise<EnsuredCart> {
  const variants = await findVariants(db, [...wanted.map(({ variantId }) => variantId), ...idsOf(known)]);
  const purchasable = new Map([...variants].filter(([, variant]) => isPurchasable(variant, variant.product)));
  const choice = { fees: terms.shippingFees, chosen };
  const planFor = (currency: Currency | null) => planLines(wanted, purchasable, currency, choice);
  const { cart, missed } = await ensureInCart(db, known._id, planFor, known);
  return { cart: await viewAfter(db, cart, variants, terms), missed };
}

/** The cart at its prices in `currency` (see setCartCurrency). An empty cart stays as it is. */
export async function changeCurrency(
  db: Database,
  known: Cart,
  currency: Currency,
  terms: ShopTerms,
): Promise<CartView> {
  const { cart, variants } = await setCartCurrency(db, known, currency, terms.shippingFees);
  return viewAfter(db, cart, variants, terms);
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
  const counted = read
    .filter(({ line, isPriced }) => isPriced && line.available > 0)
    .map(({ line: { unitPrice, available } }) => ({ unitPrice, quantity: available }));
  const { subtotal, shippingFee, total } = priceOrder(counted, currency, terms.shippingFees);
  return {
    lines,
    itemCount: lines.reduce((count, { quantity }) => count + quantity, 0),
    subtotal,
    shippingFee,
    total,
    currency,
    currencies: currenciesOf(cart, currency, variants, terms.shippingFees),
    refusal: refusalOf(cart, currency, variants, terms),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Why checkout would refuse a cart in this currency; null for an empty one. */
function refusalOf(
  cart: StoredCart,
  currency: Currency,
  variants: VariantsById,
  { shippingFees }: ShopTerms,
): string | null {
  if (cart.items.length === 0) return null;
  const why = unpricedText(cart, currency, variants, shippingFees) ?? noFeeOf(cart, currency, variants, shippingFees);
  return why === null ? null : `This cart cannot be ordered: ${why}.`;
}

function noFeeOf(cart: StoredCart, currency: Currency, variants: VariantsById, fees: ShippingFees): string | null {
  if (findShippingFee(fees, currency) !== null) return null;
  const others = currenciesOf(cart, currency, variants, fees).filter((one) => one !== currency);
  return others.length === 0
    ? noFeeText(fees, currency)
    : `the shop takes no orders in ${currency}; pay in ${others.join(' or ')}`;
}

interface ReadLine {
  line: CartLine;
  /** False without a price in the cart's currency: then the line shows the last one that was seen, and counts nothing. */
  isPriced: boolean;
  problems: CartProblem[];
}

function lineOf(item: Cart['items'][number], variant: OfferedVariant | undefined, currency: Currency): ReadLine {
  const { quantity } = item;
  const price = variant === undefined ? null : priceIn(variant, currency);
  const unitPrice = price ?? item.unitPrice;
  const available = Math.min(unitsAvailable(variant, variant?.product), quantity);
  const line: CartLine = {
    variantId: String(item.variantId),
    productId: variant === undefined ? null : String(variant.productId),
    sku: variant?.sku ?? '',
    productTitle: variant?.product?.title ?? 'No longer sold',
    variantTitle: variant?.title ?? '',
    slug: variant?.product?.slug ?? '',
    picture: variant?.product?.picture ?? null,
    quantity,
    unitPrice,
    lineTotal: price === null ? 0 : multiply(unitPrice, available),
    available,
    shortage: available < quantity,
  };
  return { line, isPriced: price !== null, problems: problemsOf(line, item, variant, currency) };
}

function problemsOf(
  { variantId, available, shortage, unitPrice }: CartLine,
  item: Cart['items'][number],
  variant: OfferedVariant | undefined,
  currency: Currency,
): CartProblem[] {
  if (!isPurchasable(variant, variant?.product))
    return [{ variantId, kind: 'unavailable', message: 'No longer sold; take it out to check out.' }];
  if (priceIn(variant, currency) === null) {
    const message = `It has no price in ${currency}; it is priced in ${currenciesText(variant)}.`;
    return [{ variantId, kind: 'unavailable', message }];
  }
  const problems: CartProblem[] = [];
  if (shortage) problems.push({ variantId, kind: 'short', message: shortText(available) });
  if (item.unitPrice > 0 && unitPrice !== item.unitPrice) {
    const before = formatMoney({ amount: item.unitPrice, currency });
    problems.push({ variantId, kind: 'price_changed', message: `The price has changed: it was ${before}.` });
  }
  return problems;
}

function shortText(available: number): string {
  return available === 0 ? 'Sold out.' : `Only ${available} left.`;
}
