import type { z } from 'zod';
import type { shopInfo } from '../../models/contract/shop/shop-info.ts';
import type { AppContext } from './app-context.ts';

/** At most 5 s old. */
export async function readShopInfo({
  settings,
  config,
}: Pick<AppContext, 'settings' | 'config'>): Promise<z.output<typeof shopInfo>> {
  const { shopName, contact } = await settings();
  const { email = null, phone = null } = contact;
  const currencies = [config.currency, ...config.shippingFees.map(({ currency }) => currency)];
  return { name: shopName, contact: { email, phone }, currencies: [...new Set(currencies)] };
}
