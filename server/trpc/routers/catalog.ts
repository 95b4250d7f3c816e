/** catalog: public. Replies are the same for all users, so clients may cache and revalidate them (ETag). */
import { Types } from 'mongoose';
import { findProducts, getProduct, getProductById } from '../../../models/catalogue/browse.ts';
import { productInput, productPage, productsInput, productView } from '../../../models/contract/catalogue.ts';
import { byId } from '../../../models/contract/fields.ts';
import { publicProcedure, router } from '../trpc.ts';

export const catalogRouter = router({
  /** A page of products, newest first; with `search`, best matches first. */
  products: publicProcedure
    .input(productsInput)
    .output(productPage)
    .query(({ ctx, input }) => findProducts(ctx.app.db, input, ctx.app.config.shippingFees)),

  /** One product with its purchasable variants, also by a slug that it had before. NOT_FOUND. */
  product: publicProcedure
    .input(productInput)
    .output(productView)
    .query(({ ctx, input }) => getProduct(ctx.app.db, input.slug, ctx.app.config.shippingFees)),

  /** One product by its id, which orders keep and which never changes. NOT_FOUND. */
  productById: publicProcedure
    .input(byId)
    .output(productView)
    .query(({ ctx, input }) => getProductById(ctx.app.db, new Types.ObjectId(input.id), ctx.app.config.shippingFees)),
});
