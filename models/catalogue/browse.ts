/** The public catalogue. It shows no archived product, none without a purchasable variant, and no exact stock. */
import { type PipelineStage, Types } from 'mongoose';
import type { ProductPage, ProductQuery, ProductView } from '../contract/catalogue.ts';
import { MAX_STOCK_SHOWN } from '../contract/limits.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { payableOffer } from '../pricing/payable-offer.ts';
import { findShippingFee, type ShippingFees } from '../pricing/shipping-fee.ts';

import { NOT_ARCHIVED } from './availability.ts';
import type { Product } from './product.ts';
import { findByWords, type RankedProduct } from './search/find-by-words.ts';
import { categoryKeyOf } from './search/words.ts';
import type { Variant } from './variant.ts';

/** Bounds one read when many products in a row are no longer purchasable. */
const MAX_READ = 500;

/**
 * Newest first, or best matches first with `search`, at the prices that the shop takes orders in. Throws INVALID_INPUT for a
 * cursor of the other order.
 */
export async function findProducts(db: Database, query: ProductQuery, fees: ShippingFees = []): Promise<ProductPage> {
  const { limit, search, category, cursor } = query;
  const found = search === undefined ? null : await findByWords(db, search, category);
  const cards = found === null ? await readCards(db, query) : await readFound(db, found.products, { cursor, limit });
  const page = cards.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ _id, slug, title, category, pictures, offers }) => {
      const payable = payableOf(offers, fees);
      return {
        id: String(_id),
        slug,
        title,
        category,
        fromPrices: payable.map(toFromPrice),
        inStock: payable.some(({ stock }) => stock > 0),
        picture: pictures?.[0] ?? null,
      };
    }),
    nextCursor: cards.length > limit && last ? cursorAfter(last) : null,
    matches: found?.matches ?? 'all',
  };
}

/** All of a product that the shop takes no orders of: it shows what it would cost. */
function payableOf(offers: Offer[], fees: ShippingFees): Offer[] {
  const payable = offers.filter(({ _id }) => findShippingFee(fees, _id) !== null);
  return payable.length > 0 ? payable : offers;
}

function toFromPrice({ _id, least, most }: Offer): ProductPage['items'][number]['fromPrices'][number] {
  return { amount: least, currency: _id, isOnly: least === most };
}

/** The prices of a product's variants in one currency, in subunits, and the largest stock of any that has one. */
interface Offer {
  _id: Variant['currency'];
  least: number;
  most: number;
  stock: number;
}

interface Row extends Pick<Product, '_id' | 'slug' | 'title' | 'category' | 'pictures'> {
  score?: number;
  /** Empty for a product without a purchasable variant. */
  offers: Offer[];
}

/** More than `limit` cards if they exist. Reads on while too few of the products read are purchasable. */
async function readCards(db: Database, query: ProductQuery): Promise<Row[]> {
  const cards: Row[] = [];
  let { cursor } = query;
  for (let readCount = query.limit + 1; ; readCount = Math.min(2 * readCount, MAX_READ)) {
    const rows = await readRows(db, { ...query, cursor, limit: readCount });
    cards.push(...rows.filter(({ offers }) => offers.length > 0));
    const last = rows.at(-1);
    if (cards.length > query.limit || rows.length < readCount || !last) return cards;
    cursor = cursorAfter(last);
  }
}

/**
 * Includes products that are not purchasable: $limit must precede the $lookup, or the server would join the whole
 * catalogue.
 */
async function readRows(db: Database, { cursor, limit, category }: ProductQuery): Promise<Row[]> {
  const after = cursor === undefined ? [] : [{ $match: { _id: { $lt: parseCursor(cursor, false).id } } }];
  return db.products.aggregate<Row>([
    { $match: { ...NOT_ARCHIVED, ...(category === undefined ? {} : { categoryKey: categoryKeyOf(category) }) } },
    ...after,
    { $sort: { _id: -1 } },
    { $limit: limit },
    ...asCards,
  ]);
}

/** More than `limit` of the found products if they exist, in their order, from after the cursor. */
async function readFound(
  db: Database,
  products: readonly RankedProduct[],
  { cursor, limit }: Pick<ProductQuery, 'cursor' | 'limit'>,
): Promise<Row[]> {
  const after = cursor === undefined ? null : parseCursor(cursor, true);
  let rest = after === null ? products : products.filter((product) => isBehind(product, after));
  const cards: Row[] = [];
  for (let readCount = limit + 1; cards.length <= limit && rest.length > 0; ) {
    const slice = rest.slice(0, readCount);
    rest = rest.slice(readCount);
    readCount = Math.min(2 * readCount, MAX_READ);
    const match = { _id: { $in: slice.map(({ id }) => id) }, ...NOT_ARCHIVED };
    const rows = await db.products.aggregate<Row>([{ $match: match }, ...asCards]);
    const byId = new Map(rows.map((row) => [row._id.toHexString(), row]));
    for (const { id, score } of slice) {
      const row = byId.get(id.toHexString());
      if (row !== undefined && row.offers.length > 0) cards.push({ ...row, score });
    }
  }
  return cards;
}

function isBehind({ id, score }: RankedProduct, last: RankedProduct): boolean {
  return score < last.score || (score === last.score && id.toHexString() < last.id.toHexString());
}

/** One row for each currency of the prices of variants that are not archived. Numbers of two currencies are never compared. */
const pricesByCurrency: PipelineStage.Lookup['$lookup'] = {
  from: 'variants',
  localField: '_id',
  foreignField: 'productId',
  pipeline: [
    { $match: NOT_ARCHIVED },
    {
      $project: {
        stock: 1,
        offer: { $concatArrays: [[{ currency: '$currency', price: '$price' }], { $ifNull: ['$otherPrices', []] }] },
      },
    },
    { $unwind: '$offer' },
    {
      $group: {
        _id: '$offer.currency',
        least: { $min: '$offer.price' },
        most: { $max: '$offer.price' },
        stock: { $max: '$stock' },
      },
    },
    { $sort: { _id: 1 } },
  ],
  as: 'offers',
};

const asCards: PipelineStage[] = [
  { $lookup: pricesByCurrency },
  { $project: { slug: 1, title: 1, category: 1, pictures: 1, offers: 1 } },
];

function cursorAfter({ _id, score }: Row): string {
  return score === undefined ? String(_id) : `${score}:${_id}`;
}

const CURSOR = /^(?:(\d{1,4}(?:\.\d{1,20})?(?:e-\d{1,2})?):)?([0-9a-f]{24})$/;

function parseCursor(cursor: string, scored: boolean): { score: number; id: Types.ObjectId } {
  const [, score, id] = CURSOR.exec(cursor) ?? [];
  if (id === undefined || (score !== undefined) !== scored)
    throw invalidInput('cursor', 'must be the cursor that came with a page of this list');
  return { score: Number(score ?? 0), id: new Types.ObjectId(id) };
}

/** By its slug, or one that it had before. Throws NOT_FOUND, also for an archived product. */
export function getProduct(db: Database, slug: string, fees: ShippingFees): Promise<ProductView> {
  return readProduct(db, { slugs: slug }, fees);
}

/** Throws NOT_FOUND, also for an archived product. */
export function getProductById(db: Database, id: Types.ObjectId, fees: ShippingFees): Promise<ProductView> {
  return readProduct(db, { _id: id }, fees);
}

type Key = { slugs: string } | { _id: Types.ObjectId };

async function readProduct(db: Database, key: Key, fees: ShippingFees): Promise<ProductView> {
  const [product] = await db.products.aggregate<Product & { variants: Variant[] }>([
    { $match: { ...key, ...NOT_ARCHIVED } },
    {
      $lookup: {
        from: 'variants',
        localField: '_id',
        foreignField: 'productId',
        pipeline: [{ $match: NOT_ARCHIVED }, { $sort: { _id: 1 } }],
        as: 'variants',
      },
    },
  ]);
  if (!product) throw notFound('Product');
  const { _id, slug, title, category, description, pictures = [], variants } = product;
  return {
    id: String(_id),
    slug,
    title,
    category,
    description,
    pictures,
    variants: variants.map((variant) => ({
      id: String(variant._id),
      sku: variant.sku,
      title: variant.title,
      ...shownPrices(variant, fees),
      inStock: variant.stock > 0,
      available: Math.min(variant.stock, MAX_STOCK_SHOWN),
    })),
  };
}

/** Those that the shop takes orders in; of a variant without any, its own one. */
function shownPrices(variant: Variant, fees: ShippingFees) {
  const { price, currency, otherPrices = [] } = payableOffer(variant, fees) ?? { ...variant, otherPrices: [] };
  return { price, currency, otherPrices: [...otherPrices] };
}
