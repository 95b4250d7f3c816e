/** Variants with what carts and checkouts need of their products. */
import type { ClientSession, Types } from 'mongoose';
import { anyOf, batchLoader, byId } from '../db/batching/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Product, ProductPicture } from './product.ts';
import type { Variant } from './variant.ts';

export type OfferedVariant = Pick<
  Variant,
  '_id' | 'productId' | 'sku' | 'title' | 'price' | 'currency' | 'otherPrices' | 'stock' | 'archivedAt'
> & {
  /** `picture`: the first one. */
  product?: Pick<Product, 'slug' | 'title' | 'archivedAt'> & { picture?: ProductPicture | null };
};

/** By the id as text. */
export type VariantsById = ReadonlyMap<string, OfferedVariant>;

/** undefined for a variant that does not exist. */
export async function findVariant(db: Database, id: Types.ObjectId): Promise<OfferedVariant | undefined> {
  return (await findLists(db, [id])).get(String(id));
}

/** Those that exist. */
export async function findVariants(db: Database, ids: readonly Types.ObjectId[]): Promise<VariantsById> {
  return ids.length === 0 ? new Map() : findLists(db, ids);
}

/** One caller's list is one key: a lone caller's next batch then waits for no others. */
const findLists = batchLoader(async (db: Database, lists: readonly (readonly Types.ObjectId[])[]) => {
  const distinct = new Map(lists.flat().map((id) => [String(id), id]));
  const variants = await readVariants(db, [...distinct.values()]);
  return lists.map((ids): VariantsById => byId(ids.flatMap((id) => variants.get(String(id)) ?? [])));
});

/** By one command, also inside a transaction. */
export async function readVariants(
  db: Database,
  ids: readonly Types.ObjectId[],
  session?: ClientSession,
): Promise<VariantsById> {
  const pipeline = [{ $match: { _id: anyOf(ids) } }, { $lookup: PRODUCTS }, { $project: SHOWN }];
  const options = session === undefined ? {} : { session };
  const found = await driverCollection(db.variants).aggregate<FoundVariant>(pipeline, options).toArray();
  return byId(found.map(toOffered));
}

/** Without a pipeline of its own: the server prepares that anew for each variant, and the read then takes it twice as long. */
const PRODUCTS = { from: 'products', localField: 'productId', foreignField: '_id', as: 'products' };

const SHOWN = {
  productId: 1,
  sku: 1,
  title: 1,
  price: 1,
  currency: 1,
  otherPrices: 1,
  stock: 1,
  archivedAt: 1,
  'products.slug': 1,
  'products.title': 1,
  'products.archivedAt': 1,
  'products.pictures': 1,
};

type FoundVariant = Omit<OfferedVariant, 'product'> & {
  products: Pick<Product, 'slug' | 'title' | 'archivedAt' | 'pictures'>[];
};

function toOffered({ products: [product], ...variant }: FoundVariant): OfferedVariant {
  if (product === undefined) return variant;
  const { pictures, ...named } = product;
  return { ...variant, product: { ...named, picture: pictures?.[0] ?? null } };
}
