/** The way back from an archive by mistake: slugs and SKUs stay taken, so nothing else could have their names. */
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { invalidInput, notFound } from '../errors.ts';
import { auditEntry, type CatalogActor } from './catalogue-change.ts';
import type { Product } from './product.ts';
import { writeProductSearch } from './search/write-product-search.ts';
import type { Variant } from './variant.ts';

/**
 * Sells the product again, with the variants that were archived together with it. A repeat changes nothing. Throws
 * NOT_FOUND.
 */
export async function restoreProduct(db: Database, slug: string, by: CatalogActor): Promise<Product> {
  return inTransaction(db, async (session) => {
    const product = await db.products.findOne({ slugs: slug }).session(session).lean<Product>();
    if (!product) throw notFound('Product');
    const { _id, archivedAt } = product;
    if (archivedAt === undefined) return product;
    const restored = await db.products
      .findOneAndUpdate({ _id }, restoring(by), { returnDocument: 'after', session })
      .lean<Product>();
    await driverCollection(db.variants).updateMany({ productId: _id, archivedAt }, restoring(by), { session });
    await writeProductSearch(db, _id, session);
    if (!restored) throw notFound('Product');
    return restored;
  });
}

/** Sells the variant again. A repeat changes nothing. Throws NOT_FOUND, and INVALID_INPUT while its product is archived. */
export async function restoreVariant(db: Database, sku: string, by: CatalogActor): Promise<Variant> {
  const variants = driverCollection(db.variants);
  return inTransaction(db, async (session) => {
    const variant = await variants.findOne({ sku }, { session });
    if (!variant) throw notFound('Variant');
    if (variant.archivedAt === undefined) return variant;
    const product = await db.products.findOne({ _id: variant.productId }).session(session).lean<Product>();
    if (product?.archivedAt !== undefined)
      throw invalidInput('sku', `belongs to an archived product; restore ${product.slug} first`);
    const options = { session, returnDocument: 'after' } as const;
    const restored = await variants.findOneAndUpdate({ _id: variant._id }, restoring(by), options);
    await writeProductSearch(db, variant.productId, session);
    if (!restored) throw notFound('Variant');
    return restored;
  });
}

function restoring(by: CatalogActor) {
  return { $unset: { archivedAt: 1 as const }, ...auditEntry('restored', by) };
}
