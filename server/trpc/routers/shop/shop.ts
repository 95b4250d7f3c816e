/** shop: public, and the same for all users, as the catalogue is. */
import { byPolicy, policyView } from '../../../../models/contract/shop/appearance.ts';
import { shopInfo } from '../../../../models/contract/shop/shop-info.ts';
import { notFound } from '../../../../models/errors.ts';
import { readShopInfo } from '../../../context/shop-identity.ts';
import { publicProcedure, router } from '../../trpc.ts';

export const shopRouter = router({
  /** The shop's name, contact and looks, at most 5 s old, and the currencies that it takes orders in. */
  info: publicProcedure.output(shopInfo).query(({ ctx }) => readShopInfo(ctx.app)),

  /** One of `info`'s policies, at most 5 s old. NOT_FOUND for one that the shop has not written. */
  policy: publicProcedure
    .input(byPolicy)
    .output(policyView)
    .query(async ({ ctx, input: { name } }) => {
      const { policies = {} } = await ctx.app.settings();
      const text = policies[name];
      if (text === undefined) throw notFound('Policy');
      return { name, text };
    }),
});
