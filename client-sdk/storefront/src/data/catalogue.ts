import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { PRODUCTS_PAGE } from '../../../../models/contract/pages/first-data.ts';
import { client } from '../../../parts/data/client.ts';

/** Pages of products. An empty search lists all, newest first. */
export function productsQuery({ search, category }: { search: string; category: string }) {
  return infiniteQueryOptions({
    queryKey: ['catalogue', 'products', { search, category }],
    queryFn: ({ pageParam, signal }) =>
      client.catalog.products.query(
        {
          limit: PRODUCTS_PAGE,
          ...(search === '' ? {} : { search }),
          ...(category === '' ? {} : { category }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** By the product's slug, or one that it had before. */
export function productQuery(slug: string) {
  return queryOptions({
    queryKey: ['catalogue', 'product', slug],
    queryFn: ({ signal }) => client.catalog.product.query({ slug }, { signal }),
  });
}

export function productByIdQuery(id: string) {
  return queryOptions({
    queryKey: ['catalogue', 'product', 'by-id', id],
    queryFn: ({ signal }) => client.catalog.productById.query({ id }, { signal }),
  });
}

/** The path that a product keeps when its slug changes: for links from orders. */
export function pathOfProduct(productId: string): string {
  return `/products/by-id/${productId}`;
}
