import type { z } from 'zod';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { readPhone } from '../../models/address/phone.ts';
import { POLICIES } from '../../models/contract/shop/policies.ts';
import type { shopInfo } from '../../models/contract/shop/shop-info.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { COUNTRY_OF_PHONE } from '../../models/settings/change-shop-settings.ts';
import type { Settings } from '../../models/settings/settings-document.ts';
import type { AppContext } from './app-context.ts';

export type ShopInfo = z.output<typeof shopInfo>;

/** At most 5 s old. */
export async function readShopInfo({ settings, config }: Pick<AppContext, 'settings' | 'config'>): Promise<ShopInfo> {
  return describe(config, await settings());
}

type Shown = Pick<Settings, 'shopName' | 'contact' | 'logo' | 'colour' | 'policies'>;

function describe(config: AppContext['config'], shown: Shown): ShopInfo {
  const { shopName, contact, logo = null, colour = null, policies = {} } = shown;
  const { email = null, phone = null } = contact;
  const read = phone === null ? null : readPhone(phone, COUNTRY_OF_PHONE);
  const phoneToDial = read !== null && 'phoneE164' in read ? read.phoneE164 : null;
  const currencies = [config.currency, ...config.shippingFees.map(({ currency }) => currency)];
  const signIn = outsideSignIn(config);
  return {
    name: shopName,
    contact: { email, phone, phoneToDial },
    logo,
    colour,
    policies: POLICIES.filter((name) => policies[name] !== undefined),
    currencies: [...new Set(currencies)],
    signIn,
  };
}

export type ReadShopInfo = () => Promise<ShopInfo>;

/** For pages that are shown without the database, too: then it is what was read last, or the configuration's. Never rejects. */
export function keepShopInfo(ctx: Pick<AppContext, 'settings' | 'config'>): ReadShopInfo {
  let last: ShopInfo = describe(ctx.config, { shopName: ctx.config.shopName, contact: {} });
  return async () => {
    const read = readShopInfo(ctx).then(
      (info) => {
        last = info;
      },
      () => undefined,
    );
    await withTimeout(read, DEADLINES.shopInfo, () => undefined);
    return last;
  };
}

function outsideSignIn({ auth }: AppContext['config']): z.output<typeof shopInfo>['signIn'] {
  if (auth.kind !== 'jwks' || auth.clientId === null) return null;
  const { issuer, clientId, audience } = auth;
  return { issuer, clientId, audience };
}
