/**
 * Reading a cart: the lines at today's prices, with what is in stock, in one round trip; a second one only when a price
 * has changed. What stands in the way of checking out is told per line. Called by routers/cart.
 */

import type { Types } from 'mongoose';
import { isPurchasable, unitsAvailable } from '../catalogue/availability.ts';
import type { Currency } from '../contract/money.ts';
import { anyOf, batchLoader, byId } from '../db/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';

import { priceOrder } from '../pricing/price-order.ts';
import type { Cart } from './cart-document.ts';
import { addToCart, refreshPrices } from './change-cart.ts';

export interface CartLine {
  variantId: string;
  sku: string;
  productTitle: string;
  variantTitle: string;
  slug: string;
  quantity: number;
  /** Today's price, subunits. */
  unitPrice: number;
  lineTotal: number;
  /** How many of the wanted units there are: 0 to `quantity`. */
  available: number;
  /** True when there are fewer than wanted: checkout would refuse with INSUFFICIENT_STOCK. */
  shortage: boolean;
}

/**
 * - unavailable: no longer sold
 * - short: fewer in stock than wanted
 * - price_changed: since the line was last looked at; told once
 */
export interface CartProblem {
  variantId: string;
  kind: 'unavailable' | 'short' | 'price_changed';
  message: string;
}

export interface CartView {
  lines: CartLine[];
  /** Units of all lines. */
  itemCount: number;
  /** Amounts in subunits of `currency`. */
  subtotal: number;
  shippingFee: number;
  total: number;
  currency: Currency;
  problems: CartProblem[];
}

/** What a cart costs beside its lines, and its currency while it is empty. */
export interface ShopTerms {
  /** Subunits, for a cart that is not empty. */
  shippingFee: number;
  currency: Currency;
}

/** The cart as it stands now; an empty one where there is none. Brings stored prices up to date. */
export async function readCart(db: Database, userId: Types.ObjectId, terms: ShopTerms): Promise<CartView> {
  const [cart] = await driverCollection(db.carts)
    .aggregate<StoredCart & { goods: CartVariant[] }>(cartWithVariants(userId))
    .toArray();
  if (!cart) return viewOf({ _id: userId, items: [], currency: null }, new Map(), terms);
  const goods = byId(cart.goods);
  const isOutdated = cart.items.some(({ variantId, unitPrice }) => {
    const price = goods.get(String(variantId))?.price;
    return price !== undefined && price !== unitPrice;
  });
  if (isOutdated) await refreshPrices(db, cart, new Map([...goods].map(([id, { price }]) => [id, price])));
  return viewOf(cart, goods, terms);
}

/**
 * Adds units of a variant (see addToCart) and gives the cart as it stands then. Two round trips: what there is to know of
 * the variant and of the cart's others is read together, before. Throws NOT_FOUND for a variant that is unknown, or
 * archived, itself or its product; and what addToCart throws.
 */
export async function addItem(
  db: Database,
  userId: Types.ObjectId,
  { variantId, quantity }: { variantId: Types.ObjectId; quantity: number },
  terms: ShopTerms,
): Promise<CartView> {
  const goods = await findVariantsBeside(db, { userId, variantId });
  const added = goods.get(String(variantId));
  if (!isPurchasable(added, added?.product)) throw notFound('Variant');
  const { price, currency } = added;
  const cart = await addToCart(db, userId, { variantId, price, currency }, quantity);
  return isAtTodaysPrices(cart, goods) ? viewOf(cart, goods, terms) : readCart(db, userId, terms);
}

/** False also for a line that nobody has read of yet: another call has added it just now. */
function isAtTodaysPrices({ items }: StoredCart, goods: CartVariantsById): boolean {
  return items.every(({ variantId, unitPrice }) => goods.get(String(variantId))?.price === unitPrice);
}

/** At least the variant and those of the user's cart, where they exist. */
const findVariantsBeside = batchLoader(
  async (db: Database, asked: readonly { userId: Types.ObjectId; variantId: Types.ObjectId }[]) => {
    const userIds = asked.map(({ userId }) => userId);
    const variantIds = asked.map(({ variantId }) => variantId);
    const goods = byId(
      await driverCollection(db.carts).aggregate<CartVariant>(variantsBeside(userIds, variantIds)).toArray(),
    );
    return asked.map((): CartVariantsById => goods);
  },
);

/** A variant of the cart with its product. */
interface CartVariant {
  _id: Types.ObjectId;
  sku: string;
  title: string;
  price: number;
  currency: Currency;
  stock: number;
  archivedAt?: Date;
  product?: { slug: string; title: string; archivedAt?: Date };
}

type CartVariantsById = ReadonlyMap<string, CartVariant>;

type StoredCart = Pick<Cart, '_id' | 'items' | 'currency'>;

function cartWithVariants(userId: Types.ObjectId) {
  return [
    { $match: { _id: userId } },
    { $project: { items: 1, currency: 1 } },
    { $lookup: variantsOf('items.variantId') },
  ];
}

/** The variants and those of the users' carts, each once. A cart need not be there. */
function variantsBeside(userIds: readonly Types.ObjectId[], variantIds: readonly Types.ObjectId[]) {
  const wanted = [{ $match: { _id: anyOf(variantIds) } }, { $project: { id: ['$_id'] } }];
  return [
    { $match: { _id: anyOf(userIds) } },
    { $project: { id: '$items.variantId' } },
    { $unionWith: { coll: 'variants', pipeline: wanted } },
    { $unwind: '$id' },
    { $group: { _id: '$id' } },
    { $lookup: variantsOf('_id') },
    { $unwind: '$goods' },
    { $replaceRoot: { newRoot: '$goods' } },
  ];
}

/** The variants whose ids the field holds, with their products. */
function variantsOf(localField: string) {
  const product = {
    from: 'products',
    localField: 'productId',
    foreignField: '_id',
    pipeline: [{ $project: { _id: 0, slug: 1, title: 1, archivedAt: 1 } }],
    as: 'product',
  };
  const shown = { sku: 1, title: 1, price: 1, currency: 1, stock: 1, archivedAt: 1, product: { $first: '$product' } };
  return {
    from: 'variants',
    localField,
    foreignField: '_id',
    pipeline: [{ $lookup: product }, { $project: shown }],
    as: 'goods',
  };
}

function viewOf(cart: StoredCart, goods: CartVariantsById, terms: ShopTerms): CartView {
  const priced = cart.items.map((item) => {
    const variant = goods.get(String(item.variantId));
    return { item, variant, quantity: item.quantity, unitPrice: variant?.price ?? item.unitPrice };
  });
  const { lineTotals, subtotal, shippingFee, total } = priceOrder(priced, terms.shippingFee);
  const read = priced.map((line, index) => lineOf(line, lineTotals[index] ?? 0));
  const lines = read.map(({ line }) => line);
  return {
    lines,
    itemCount: lines.reduce((count, { quantity }) => count + quantity, 0),
    subtotal,
    shippingFee,
    total,
    currency: cart.currency ?? terms.currency,
    problems: read.flatMap(({ problems }) => problems),
  };
}

interface PricedItem {
  item: Cart['items'][number];
  variant: CartVariant | undefined;
  quantity: number;
  unitPrice: number;
}

function lineOf(
  { item, variant, quantity, unitPrice }: PricedItem,
  lineTotal: number,
): { line: CartLine; problems: CartProblem[] } {
  const purchasable = isPurchasable(variant, variant?.product);
  const available = Math.min(unitsAvailable(variant, variant?.product), quantity);
  const variantId = String(item.variantId);
  const line: CartLine = {
    variantId,
    sku: variant?.sku ?? '',
    productTitle: variant?.product?.title ?? 'No longer sold',
    variantTitle: variant?.title ?? '',
    slug: variant?.product?.slug ?? '',
    quantity,
    unitPrice,
    lineTotal,
    available,
    shortage: available < quantity,
  };
  const problems: CartProblem[] = [];
  if (!purchasable)
    problems.push({ variantId, kind: 'unavailable', message: 'No longer sold; take it out to check out.' });
  else if (line.shortage) problems.push({ variantId, kind: 'short', message: shortText(available) });
  if (purchasable && unitPrice !== item.unitPrice) {
    problems.push({ variantId, kind: 'price_changed', message: 'The price has changed since you last looked.' });
  }
  return { line, problems };
}

function shortText(available: number): string {
  return available === 0 ? 'Sold out.' : `Only ${available} left.`;
}
