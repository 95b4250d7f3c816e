import type { Database } from '../db/database.ts';
import { NOT_ARCHIVED } from './availability.ts';
import type { Product } from './product.ts';

/** The slugs of all products that are for sale, newest first. One read of an index. */
export async function findSlugs(db: Database, limit: number): Promise<string[]> {
  const products = await db.products
    .find(NOT_ARCHIVED, { slug: 1, _id: 0 })
    .sort({ _id: -1 })
    .limit(limit)
    .lean<Pick<Product, 'slug'>[]>();
  return products.map(({ slug }) => slug);
}
