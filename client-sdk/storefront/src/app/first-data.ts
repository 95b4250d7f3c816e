/** The data in the page's HTML. On the server and in the browser it answers the same queries, so both render the same page. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { FIRST_DATA_ID, type FirstData } from '../../../../models/contract/pages/first-data.ts';
import { policyQuery, shopQuery } from '../../../parts/data/shop.ts';
import { productByIdQuery, productQuery, productsQuery } from '../data/catalogue.ts';

export const FirstDataContext = createContext<FirstData & { address: string }>({ address: '' });

export function useFirstData(): FirstData {
  return useContext(FirstDataContext);
}

/** True if the server said that nothing is at this path. */
export function useIsMissing(path: string): boolean {
  const { missing, address } = useContext(FirstDataContext);
  return missing === true && address.split('?', 1)[0] === path;
}

const never = () => () => undefined;

/** False on the server and while the browser takes the server's page over: it must render the same then. */
export function useIsTakenOver(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** Of the page that the server sent; empty where it is not our server's. */
export function readFirstData(): FirstData {
  const text = document.getElementById(FIRST_DATA_ID)?.textContent ?? '';
  if (text === '') return {};
  // Our own server wrote it for this build.
  return JSON.parse(text) as FirstData;
}

/** Puts the data into the cache, as fresh as if it had been fetched now. */
export function answerQueries(queryClient: QueryClient, { shop, products, product, policy }: FirstData): void {
  if (shop !== undefined) queryClient.setQueryData(shopQuery.queryKey, shop);
  if (products !== undefined) {
    const pages: InfiniteData<typeof products.page, string | null> = { pages: [products.page], pageParams: [null] };
    queryClient.setQueryData(productsQuery(products).queryKey, pages);
  }
  if (policy !== undefined) queryClient.setQueryData(policyQuery(policy.name).queryKey, policy);
  if (product !== undefined) {
    queryClient.setQueryData(productQuery(product.slug).queryKey, product);
    queryClient.setQueryData(productByIdQuery(product.id).queryKey, product);
  }
}
