/** catalog: what anybody may browse. Replies are alike for everybody, so they may be kept and revalidated (ETag). */
import { z } from 'zod';
import { findProducts, getProduct } from '../../../models/catalogue/browse.ts';
import { amount, count, currency, cursor, objectId, pageLimit, text } from '../schemas.ts';
import { publicProcedure, router } from '../trpc.ts';

export const slug = z
  .string()
  .max(100, 'must be at most 100 characters')
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower case letters and digits, with single hyphens between');

const card = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  /** The cheapest variant's, in subunits. */
  fromPrice: amount,
  currency,
  inStock: z.boolean(),
});

const variant = z.strictObject({
  id: objectId,
  sku: z.string(),
  title: z.string(),
  /** In subunits. */
  price: amount,
  currency,
  inStock: z.boolean(),
  /** Units, up to 10; more are not told. */
  available: count.max(10),
});

const product = z.strictObject({
  id: objectId,
  slug: z.string(),
  title: z.string(),
  category: z.string(),
  description: z.string(),
  variants: z.array(variant),
});

export const catalogRouter = router({
  /** A page of products, newest first, or best matches first where something is searched for. */
  products: publicProcedure
    .input(
      z.strictObject({
        cursor: cursor.optional(),
        limit: pageLimit,
        search: text(100).optional(),
        category: text(50).optional(),
      }),
    )
    .output(z.strictObject({ items: z.array(card), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => findProducts(ctx.app.db, input)),

  /** One product with the variants that can be bought. NOT_FOUND. */
  product: publicProcedure
    .input(z.strictObject({ slug }))
    .output(product)
    .query(({ ctx, input }) => getProduct(ctx.app.db, input.slug)),
});
