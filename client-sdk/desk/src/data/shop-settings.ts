import type { ShopSettingsChange, ShopSettingsInput } from '@orders-module/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';

type Values = Omit<ShopSettingsInput, 'version'>;

export const shopSettingsQuery = queryOptions({
  queryKey: ['staff', 'settings'],
  queryFn: ({ signal }) => client.admin.shopSettings.query(undefined, { signal }),
  // A form must not change under the hands of the person who fills it in.
  refetchOnWindowFocus: false,
});

/** An empty field is left out, which removes the value. */
export function readShopSettings(form: FormData): Values {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const given = <K extends string>(key: K, name: string) =>
    (text(name) === '' ? {} : { [key]: text(name) }) as Partial<Record<K, string>>;
  return {
    shopName: text('shopName'),
    contact: { ...given('email', 'contact.email'), ...given('phone', 'contact.phone') },
    ...given('replyTo', 'replyTo'),
    recipients: text('recipients')
      .split(/[\n,;]+/)
      .map((address) => address.trim())
      .filter((address) => address !== ''),
    newOrdersMinutes: Number(text('newOrdersMinutes')),
  };
}

export function saveShopSettings(version: number, values: Values): Promise<ShopSettingsChange> {
  return client.admin.setShopSettings.mutate({ version, ...values });
}
