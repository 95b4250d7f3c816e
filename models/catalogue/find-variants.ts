/** Variants with what carts and checkouts need of their products. */
import type { ClientSession, Types } from 'mongoose';
import { anyOf, batchLoader, byId } from '../db/batching/batch-loader.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Product, ProductPicture } from './product.ts';
import type { Variant } from './variant.ts';

export type OfferedVariant = Pick<
  Variant,
  '_id' | 'productId' | 'sku' | 'title' | 'price' | 'currency' | 'stock' | 'archivedAt'
> & {
  /** `picture`: the first one. */
  product?: Pick<Product, 'slug' | 'title' | 'archivedAt'> & { picture?: ProductPicture | null };
};

/** By the id as text. */
export type VariantsById = ReadonlyMap<string, OfferedVariant>;

/** undefined for a variant that does not exist. */
export const findVariant = batchLoader(async (db: Database, ids: readonly Types.ObjectId[]) => {
  const distinct = [...new Map(ids.map((id) => [String(id), id])).values()];
  const variants = await readVariants(db, distinct);
  return ids.map((id): OfferedVariant | undefined => variants.get(String(id)));
});

/** Those that exist. */
export async function findVariants(db: Database, ids: readonly Types.ObjectId[]): Promise<VariantsById> {
  const found = await Promise.all(ids.map((id) => findVariant(db, id)));
  return byId(found.filter((variant) => variant !== undefined));
}

/** By one command, also inside a transaction. */
export async function readVariants(
  db: Database,
  ids: readonly Types.ObjectId[],
  session?: ClientSession,
): Promise<VariantsById> {
  const pipeline = [{ $match: { _id: anyOf(ids) } }, { $lookup: PRODUCT }, { $project: SHOWN }];
  const options = session === undefined ? {} : { session };
  return byId(await driverCollection(db.variants).aggregate<OfferedVariant>(pipeline, options).toArray());
}

const PRODUCT = {
  from: 'products',
  localField: 'productId',
  foreignField: '_id',
  pipeline: [{ $project: { _id: 0, slug: 1, title: 1, archivedAt: 1, picture: { $first: '$pictures' } } }],
  as: 'product',
};

const SHOWN = {
  productId: 1,
  sku: 1,
  title: 1,
  price: 1,
  currency: 1,
  stock: 1,
  archivedAt: 1,
  product: { $first: '$product' },
};
