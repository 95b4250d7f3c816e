import type { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { READ_MAJORITY } from '../../db/read-write-concerns.ts';
import { notFound } from '../../errors.ts';
import type { Product } from '../product.ts';
import type { Variant } from '../variant.ts';

/** A product with all its variants in the order of their creation, archived or not. Throws NOT_FOUND. */
export async function getStaffProduct(
  db: Database,
  id: Types.ObjectId,
): Promise<{ product: Product; variants: Variant[] }> {
  const [product, variants] = await Promise.all([
    db.products.findById(id).read('primary').lean<Product>(),
    driverCollection(db.variants)
      .find({ productId: id }, { sort: { _id: 1 }, ...READ_MAJORITY })
      .toArray(),
  ]);
  if (!product) throw notFound('Product');
  return { product, variants };
}
