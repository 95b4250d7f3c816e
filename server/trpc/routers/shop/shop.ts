/** shop: public, and the same for all users, as the catalogue is. */
import { shopInfo } from '../../../../models/contract/shop/shop-info.ts';
import { readShopInfo } from '../../../context/shop-identity.ts';
import { publicProcedure, router } from '../../trpc.ts';

export const shopRouter = router({
  /** The shop's name and contact, at most 5 s old, and the currencies that it takes orders in. */
  info: publicProcedure.output(shopInfo).query(({ ctx }) => readShopInfo(ctx.app)),
});
