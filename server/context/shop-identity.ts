import type { z } from 'zod';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import type { shopInfo } from '../../models/contract/shop/shop-info.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import type { AppContext } from './app-context.ts';

/** At most 5 s old. */
export async function readShopInfo({
  settings,
  config,
}: Pick<AppContext, 'settings' | 'config'>): Promise<z.output<typeof shopInfo>> {
  const { shopName, contact } = await settings();
  const { email = null, phone = null } = contact;
  const currencies = [config.currency, ...config.shippingFees.map(({ currency }) => currency)];
  const signIn = outsideSignIn(config);
  return { name: shopName, contact: { email, phone }, currencies: [...new Set(currencies)], signIn };
}

/** Reads the shop's name for pages that are shown without the database, too: then it is the last one that was read. */
export function createShopName({ settings, config }: Pick<AppContext, 'settings' | 'config'>): () => Promise<string> {
  let last = config.shopName;
  return async () => {
    const read = settings().then(
      ({ shopName }) => {
        last = shopName;
      },
      () => undefined,
    );
    await withTimeout(read, DEADLINES.errorPageName, () => undefined);
    return last;
  };
}

function outsideSignIn({ auth }: AppContext['config']): z.output<typeof shopInfo>['signIn'] {
  if (auth.kind !== 'jwks' || auth.clientId === null) return null;
  const { issuer, clientId, audience } = auth;
  return { issuer, clientId, audience };
}
