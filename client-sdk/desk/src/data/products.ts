import type { RouterOutputs } from '@orders-module/client';
import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { shopQuery } from '../../../parts/data/shop.ts';

export type Currency = RouterOutputs['shop']['info']['currencies'][number];
export type StaffProductDetail = RouterOutputs['admin']['product'];

const PAGE = 50;

export interface ProductFilters {
  q?: string;
  show?: 'low' | 'archived';
}

export function productsQuery({ q, show }: ProductFilters) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'products', { q, show }],
    queryFn: ({ pageParam, signal }) =>
      client.admin.products.query(
        {
          limit: PAGE,
          ...(q === undefined ? {} : { search: q }),
          ...(show === 'low' ? { lowStock: true } : {}),
          ...(show === 'archived' ? { archived: 'only' as const } : {}),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

export function productQuery(id: string) {
  return queryOptions({
    queryKey: ['staff', 'products', 'one', id],
    queryFn: ({ signal }) => client.admin.product.query({ productId: id }, { signal }),
    // A form must not change under the hands of the person who fills it in.
    refetchOnWindowFocus: false,
  });
}

export function stockRowsQuery(variantId: string) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'products', 'ledger', variantId],
    queryFn: ({ pageParam, signal }) =>
      client.admin.stockRows.query(
        { variantId, limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** In which the shop takes orders, its own one first. */
export function useShopCurrencies(): readonly Currency[] {
  const { data } = useQuery(shopQuery);
  return data?.currencies ?? ['NGN'];
}
