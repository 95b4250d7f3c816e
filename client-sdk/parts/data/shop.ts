/** The name of the shop and its contact, as staff have set them. */
import type { ShopInfo } from '@orders-module/client';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';

/** Changed once in a while; a page that is open for longer shows the new name after this time. */
const FRESH_MS = 5 * 60_000;

export const shopQuery = queryOptions({
  queryKey: ['shop'],
  queryFn: ({ signal }) => client.shop.info.query(undefined, { signal }),
  staleTime: FRESH_MS,
});

/** For the time until the shop has answered, where the page's HTML does not hold the shop's name. */
const NAMELESS = 'Shop';

export function useShopName(): string {
  return useQuery(shopQuery).data?.name ?? NAMELESS;
}

/** Null until it is known, and where the shop gives none. */
export function useShopContact(): ShopInfo['contact'] {
  return useQuery(shopQuery).data?.contact ?? { email: null, phone: null, phoneToDial: null };
}
