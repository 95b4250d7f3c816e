/**
 * Questions about the shopper's own orders, and the order that follows the server by itself. Of two states of one order
 * the one with the higher version is kept, whichever way it came.
 */
import type { Order } from '@orders-module/client';
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { cartQuery } from './cart.ts';
import { client } from './client.ts';

const PAGE = 20;

/** Beside the live connection, ms: what it may have missed is seen after this long. */
const ASK_AGAIN_MS = 20_000;

/** For an answer that is good to have and not worth waiting for, ms. */
const QUICK_MS = 3_000;

export const ordersQuery = infiniteQueryOptions({
  queryKey: ['orders'],
  queryFn: ({ pageParam, signal }) =>
    client.orders.list.query({ limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

/** Orders of the shopper's that wait for their payment. Asked quickly or not at all: checkout waits for the answer. */
export const unpaidOrdersQuery = queryOptions({
  queryKey: [...ordersQuery.queryKey, 'unpaid'],
  queryFn: async () => {
    const { items } = await client.orders.list.query({ status: 'pending' }, { context: { timeoutMs: QUICK_MS } });
    return items.filter(({ paymentStatus }) => paymentStatus === 'unpaid');
  },
  // Another tab may have ordered a moment ago.
  staleTime: 0,
});

const orderKey = (id: string) => ['order', id];

export function orderQuery(id: string, queryClient: QueryClient) {
  return queryOptions({
    queryKey: orderKey(id),
    queryFn: async ({ signal }) => {
      const order = await client.orders.get.query({ id }, { signal });
      return newer(queryClient.getQueryData(orderKey(id)), order);
    },
  });
}

function newer(known: Order | undefined, heard: Order): Order {
  return known !== undefined && known.version > heard.version ? known : heard;
}

/** The order, kept up to date by the server while the page is open. */
export function useWatchedOrder(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...orderQuery(id, queryClient),
    refetchInterval: ({ state }) => (state.data === undefined || isAtRest(state.data) ? false : ASK_AGAIN_MS),
  });
  const exists = query.data !== undefined;
  useEffect(() => {
    // An order that is not there, or not ours, is not watched.
    if (!exists) return;
    const watching = client.orders.watch.subscribe(
      { id },
      {
        onData: (order) => keepOrder(queryClient, order),
        // The SDK reconnects by itself; what ends for good leaves the asking above.
        onError: () => undefined,
      },
    );
    return () => watching.unsubscribe();
  }, [id, exists, queryClient]);
  return query;
}

/** Stores an order that the server has told; lists and cart are asked for again when its status has changed. */
export function keepOrder(queryClient: QueryClient, heard: Order): void {
  const known = queryClient.getQueryData<Order>(orderKey(heard.id));
  queryClient.setQueryData(orderKey(heard.id), newer(known, heard));
  if (known === undefined || known.status === heard.status) return;
  void queryClient.invalidateQueries({ queryKey: ordersQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: cartQuery.queryKey });
}

/** Nothing is expected to happen to it soon. */
function isAtRest({ status, refunds }: Order): boolean {
  return status !== 'pending' && refunds.every(({ state }) => state === 'processed' || state === 'failed');
}

export function useCancelOrder() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.orders.cancel.mutate({ id }),
    onSuccess: (order) => keepOrder(queryClient, order),
    onError: (_error, id) => queryClient.invalidateQueries({ queryKey: orderKey(id) }),
  });
}

/** Of the shopper's newest 200 orders, the one with this code; null when there is none. */
export async function findOrderByCode(code: string): Promise<Order | null> {
  let cursor: string | null = null;
  for (let page = 0; page < 4; page += 1) {
    const { items, nextCursor }: Awaited<ReturnType<typeof client.orders.list.query>> = await client.orders.list.query({
      limit: 50,
      ...(cursor === null ? {} : { cursor }),
    });
    const found = items.find((order) => order.code === code);
    if (found) return client.orders.get.query({ id: found.id });
    if (nextCursor === null) return null;
    cursor = nextCursor;
  }
  return null;
}
