/** Staff's list of products, archived ones included, with their stock. */
import { Types } from 'mongoose';
import type { StaffProductQuery, StaffProductRow } from '../../contract/desk/products.ts';
import { LOW_STOCK } from '../../contract/limits.ts';
import { pricesOf } from '../../contract/pricing/price-in.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { invalidInput } from '../../errors.ts';
import { foldText } from '../../search/fold-text.ts';
import { NOT_ARCHIVED } from '../availability.ts';
import type { Product } from '../product.ts';
import { findByWords } from '../search/find-by-words.ts';
import { wordsOf } from '../search/words.ts';
import type { Variant } from '../variant.ts';

/** Products of a search or of low stock that can be paged through. */
const MAX_LISTED = 1_000;
/** Archived products whose words a search compares. */
const MAX_ARCHIVED = 5_000;
const PRODUCT_OF_VARIANT = 'productId_1__id_1';

interface Page {
  items: StaffProductRow[];
  nextCursor: string | null;
}

interface Query extends StaffProductQuery {
  /** A variant with at most so many units has a low stock. */
  lowStockAt?: number;
}

/** Newest first; with `search` the best matches first, with `lowStock` the scarcest. Throws INVALID_INPUT for a foreign cursor. */
export async function findStaffProducts(db: Database, query: Query): Promise<Page> {
  const { search, lowStock = false, lowStockAt = LOW_STOCK } = query;
  if (search === undefined && !lowStock) return findNewest(db, query);
  const found = search === undefined ? null : await idsOfSearch(db, search);
  const scarce = lowStock ? await idsOfLowStock(db, lowStockAt) : null;
  return findListed(db, merge(found, scarce), query);
}

function merge(found: string[] | null, scarce: string[] | null): string[] {
  if (found === null || scarce === null) return found ?? scarce ?? [];
  const matching = new Set(found);
  return scarce.filter((id) => matching.has(id));
}

async function findNewest(db: Database, { cursor, limit, archived = 'no', lowStockAt }: Query): Promise<Page> {
  const before = cursor === undefined ? {} : { _id: { $lt: parseId(cursor) } };
  const products = await db.products
    .find({ ...archivedFilter(archived), ...before })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .hint(archived === 'no' ? { archivedAt: 1, _id: -1 } : { _id: 1 })
    .lean<Product[]>();
  const page = products.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = products.length > limit && last ? String(last._id) : null;
  return { items: await toRows(db, page, lowStockAt), nextCursor };
}

function archivedFilter(archived: NonNullable<StaffProductQuery['archived']>) {
  if (archived === 'all') return {};
  return archived === 'no' ? NOT_ARCHIVED : { archivedAt: { $ne: null } };
}

/** Of ids in their order, the page that the cursor counts to. */
async function findListed(
  db: Database,
  ids: readonly string[],
  { cursor, limit, archived = 'no', lowStockAt }: Query,
): Promise<Page> {
  const start = cursor === undefined ? 0 : parseOffset(cursor);
  const products = await db.products
    .find({ _id: { $in: ids.slice(0, MAX_LISTED).map((id) => new Types.ObjectId(id)) }, ...archivedFilter(archived) })
    .lean<Product[]>();
  const byId = new Map(products.map((product) => [String(product._id), product]));
  const listed = ids.flatMap((id) => byId.get(id) ?? []);
  const end = start + limit;
  const nextCursor = listed.length > end ? `n${end}` : null;
  return { items: await toRows(db, listed.slice(start, end), lowStockAt), nextCursor };
}

/** By an address or the beginning of a SKU, then by words, then archived ones by theirs. */
async function idsOfSearch(db: Database, search: string): Promise<string[]> {
  const [byAddress, bySku, { products }, archived] = await Promise.all([
    idsOfAddress(db, search),
    idsOfSku(db, search),
    findByWords(db, search, undefined),
    idsOfArchived(db, search),
  ]);
  return [...new Set([...byAddress, ...bySku, ...products.map(({ id }) => id.toHexString()), ...archived])];
}

/** By a link to the product in the shop, or its last part, now or before. */
async function idsOfAddress(db: Database, search: string): Promise<string[]> {
  const [, slug] = /(?:^|\/)([a-z0-9]+(?:-[a-z0-9]+)*)\/?(?:[?#].*)?$/.exec(search.trim().toLowerCase()) ?? [];
  const product = slug === undefined ? null : await db.products.findOne({ slugs: slug }, { _id: 1 }).lean();
  return product === null ? [] : [String(product._id)];
}

async function idsOfSku(db: Database, search: string): Promise<string[]> {
  const beginning = search.trim().toUpperCase();
  if (!/^[A-Z0-9][A-Z0-9._-]*$/.test(beginning)) return [];
  const variants = await driverCollection(db.variants)
    .find<Pick<Variant, 'productId'>>(
      { sku: { $regex: `^${beginning.replace(/\./g, '\\.')}` } },
      { projection: { productId: 1 }, limit: MAX_LISTED, hint: { sku: 1 } },
    )
    .toArray();
  return variants.map(({ productId }) => productId.toHexString());
}

/** The search rows hold what is sold alone. */
async function idsOfArchived(db: Database, search: string): Promise<string[]> {
  const words = foldText(search).split(/\s+/u).filter(Boolean);
  const products = await db.products
    .find({ archivedAt: { $gt: new Date(0) } }, { title: 1, category: 1, slugs: 1 })
    .hint({ archivedAt: 1, _id: -1 })
    .limit(MAX_ARCHIVED)
    .lean<Pick<Product, '_id' | 'title' | 'category' | 'slugs'>[]>();
  const agrees = ({ title, category, slugs }: Pick<Product, 'title' | 'category' | 'slugs'>) => {
    const own = wordsOf([title, category, ...slugs].join(' '));
    return words.every((word) => own.some((one) => one.startsWith(word)));
  };
  return products.filter(agrees).map(({ _id }) => String(_id));
}

/** The scarcest first. Reads every variant, because an index of the stock would make each sale slower. */
async function idsOfLowStock(db: Database, lowStockAt: number): Promise<string[]> {
  const rows = await driverCollection(db.variants)
    .aggregate<{ _id: Types.ObjectId }>(
      [
        { $match: { archivedAt: { $exists: false }, stock: { $lte: lowStockAt } } },
        { $group: { _id: '$productId', least: { $min: '$stock' } } },
        { $sort: { least: 1, _id: -1 } },
        { $limit: MAX_LISTED },
        { $project: { _id: 1 } },
      ],
      { hint: PRODUCT_OF_VARIANT },
    )
    .toArray();
  return rows.map(({ _id }) => _id.toHexString());
}

type Counted = Pick<Variant, 'productId' | 'price' | 'currency' | 'otherPrices' | 'stock' | 'reserved' | 'archivedAt'>;

async function toRows(
  db: Database,
  products: readonly Product[],
  lowStockAt: number = LOW_STOCK,
): Promise<StaffProductRow[]> {
  const projection = { productId: 1, price: 1, currency: 1, otherPrices: 1, stock: 1, reserved: 1, archivedAt: 1 };
  const variants = await driverCollection(db.variants)
    .find<Counted>({ productId: { $in: products.map(({ _id }) => _id) } }, { projection, hint: PRODUCT_OF_VARIANT })
    .toArray();
  return products.map((product) =>
    toRow(
      product,
      variants.filter((variant) => variant.productId.equals(product._id) && isCounted(variant, product)),
      lowStockAt,
    ),
  );
}

function isCounted(variant: Counted, { archivedAt }: Product): boolean {
  return archivedAt !== undefined || variant.archivedAt === undefined;
}

function toRow(
  { _id, slug, title, category, archivedAt, pictures }: Product,
  variants: Counted[],
  lowStockAt: number,
): StaffProductRow {
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const prices = variants.flatMap(pricesOf);
  const currencies = [...new Set(prices.map(({ currency }) => currency))].sort();
  const archived = archivedAt !== undefined;
  return {
    id: String(_id),
    slug,
    title,
    category,
    archived,
    picture: pictures?.[0] ?? null,
    fromPrices: currencies.map((currency) => {
      const amounts = prices.filter((price) => price.currency === currency).map(({ amount }) => amount);
      const amount = Math.min(...amounts);
      return { amount, currency, isOnly: amount === Math.max(...amounts) };
    }),
    variants: variants.length,
    stock: sum(variants.map(({ stock }) => stock)),
    reserved: sum(variants.map(({ reserved }) => reserved)),
    lowStock: archived ? 0 : variants.filter(({ stock }) => stock <= lowStockAt).length,
  };
}

const foreignCursor = () => invalidInput('cursor', 'must be the cursor that came with a page of this list');

function parseId(cursor: string): Types.ObjectId {
  if (!/^[0-9a-f]{24}$/i.test(cursor)) throw foreignCursor();
  return new Types.ObjectId(cursor);
}

function parseOffset(cursor: string): number {
  const [, offset] = /^n(\d{1,4})$/.exec(cursor) ?? [];
  if (offset === undefined) throw foreignCursor();
  return Number(offset);
}
