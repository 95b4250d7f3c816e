/** catalog: what anybody may browse. Replies are alike for everybody, so they may be kept and revalidated (ETag). */
import { findProducts, getProduct } from '../../../models/catalogue/browse.ts';
import { productInput, productPage, productsInput, productView } from '../../../models/contract/catalogue.ts';
import { publicProcedure, router } from '../trpc.ts';

export const catalogRouter = router({
  /** A page of products, newest first, or best matches first where something is searched for. */
  products: publicProcedure
    .input(productsInput)
    .output(productPage)
    .query(({ ctx, input }) => findProducts(ctx.app.db, input)),

  /** One product with the variants that can be bought. NOT_FOUND. */
  product: publicProcedure
    .input(productInput)
    .output(productView)
    .query(({ ctx, input }) => getProduct(ctx.app.db, input.slug)),
});
