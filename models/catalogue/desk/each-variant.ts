import { Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { NOT_ARCHIVED } from '../availability.ts';
import type { Product } from '../product.ts';
import type { Variant } from '../variant.ts';

const BATCH_SIZE = 100;

/** Every variant that is sold, by product in the order of creation, a batch of products at a time. */
export async function* eachVariant(db: Database): AsyncGenerator<{ product: Product; variant: Variant }> {
  for (let after = new Types.ObjectId('0'.repeat(24)); ; ) {
    const products = await db.products
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(BATCH_SIZE)
      .lean<Product[]>();
    const last = products.at(-1);
    if (last === undefined) return;
    after = last._id;
    const sold = products.filter(({ archivedAt }) => archivedAt === undefined);
    const variants = await driverCollection(db.variants)
      .find({ productId: { $in: sold.map(({ _id }) => _id) }, ...NOT_ARCHIVED } as object, {
        sort: { productId: 1, _id: 1 },
      })
      .toArray();
    for (const product of sold)
      for (const variant of variants) if (variant.productId.equals(product._id)) yield { product, variant };
  }
}
