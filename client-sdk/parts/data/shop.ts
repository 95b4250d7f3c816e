/** The name of the shop, its contact, looks and policies, as staff have set them. */
import type { ShopInfo } from '@orders-module/client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { PolicyName } from '../../../models/contract/shop/policies.ts';
import { client } from './client.ts';

/** Changed once in a while; a page that is open for longer shows the new name after this time. */
const FRESH_MS = 5 * 60_000;

export const shopQuery = queryOptions({
  queryKey: ['shop'],
  queryFn: ({ signal }) => client.shop.info.query(undefined, { signal }),
  staleTime: FRESH_MS,
});

export const policyQuery = (name: PolicyName) =>
  queryOptions({
    queryKey: ['shop', 'policy', name],
    queryFn: ({ signal }) => client.shop.policy.query({ name }, { signal }),
    staleTime: FRESH_MS,
  });

/** For the time until the shop has answered, where the page's HTML does not hold the shop's name. */
const NAMELESS = 'Shop';

export function useShopName(): string {
  return useQuery(shopQuery).data?.name ?? NAMELESS;
}

/** Undefined until they are known. */
export function useShopLooks(): Pick<ShopInfo, 'logo' | 'colour' | 'policies'> | undefined {
  return useQuery(shopQuery).data;
}

/** Null until it is known, and where the shop gives none. */
export function useShopContact(): ShopInfo['contact'] {
  return useQuery(shopQuery).data?.contact ?? { email: null, phone: null, phoneToDial: null };
}
