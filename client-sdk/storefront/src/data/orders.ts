/**
 * Queries for the shopper's orders, and a subscription to one. An order arrives by query, mutation and subscription; the
 * one with the highest version is kept.
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
import { client } from '../../../parts/data/client.ts';
import { cartQuery } from './cart.ts';

const PAGE = 20;

/** Polling interval beside the subscription, for changes that it missed. */
const REFETCH_MS = 20_000;

/** A short limit for a response that is useful but not required. */
const OPTIONAL_TIMEOUT_MS = 3_000;

export const ordersQuery = infiniteQueryOptions({
  queryKey: ['orders'],
  queryFn: ({ pageParam, signal }) =>
    client.orders.list.query({ limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

/** The shopper's unpaid orders. The limit is short, because the checkout page waits for the response. */
export const unpaidOrdersQuery = queryOptions({
  queryKey: [...ordersQuery.queryKey, 'unpaid'],
  queryFn: async () => {
    const { items } = await client.orders.list.query(
      { status: 'pending' },
      { context: { timeoutMs: OPTIONAL_TIMEOUT_MS } },
    );
    return items.filter(({ paymentStatus }) => paymentStatus === 'unpaid');
  },
  // Another tab may have placed an order a moment ago.
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

function newer(stored: Order | undefined, received: Order): Order {
  return stored !== undefined && stored.version > received.version ? stored : received;
}

/** The order, kept up to date by a subscription while the page is open. */
export function useLiveOrder(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...orderQuery(id, queryClient),
    refetchInterval: ({ state }) => (state.data === undefined || isIdle(state.data) ? false : REFETCH_MS),
  });
  const exists = query.data !== undefined;
  useEffect(() => {
    // Without this, an order that does not exist would be subscribed to.
    if (!exists) return;
    const subscription = client.orders.watch.subscribe(
      { id },
      {
        onData: (order) => storeOrder(queryClient, order),
        // The client reconnects by itself; after a permanent error the polling above remains.
        onError: () => undefined,
      },
    );
    return () => subscription.unsubscribe();
  }, [id, exists, queryClient]);
  return query;
}

/** Stores a received order. If its status has changed, the lists and the cart are fetched again. */
export function storeOrder(queryClient: QueryClient, received: Order): void {
  const stored = queryClient.getQueryData<Order>(orderKey(received.id));
  queryClient.setQueryData(orderKey(received.id), newer(stored, received));
  if (stored === undefined || stored.status === received.status) return;
  void queryClient.invalidateQueries({ queryKey: ordersQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: cartQuery.queryKey });
}

/** No change is expected soon. */
function isIdle({ status, refunds }: Order): boolean {
  return status !== 'pending' && refunds.every(({ state }) => state === 'processed' || state === 'failed');
}

export function useCancelOrder() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.orders.cancel.mutate({ id }),
    onSuccess: (order) => storeOrder(queryClient, order),
    onError: (_error, id) => queryClient.invalidateQueries({ queryKey: orderKey(id) }),
  });
}

/** The order with this code among the shopper's newest 200; null if there is none. */
export async function findOrderByCode(code: string): Promise<Order | null> {
  let cursor: string | null = null;
  for (let page = 0; page < 4; page += 1) {
    const { items, nextCursor }: Awaited<ReturnType<typeof client.orders.list.query>> = await client.orders.list.query({
      limit: 50,
      ...(cursor === null ? {} : { cursor }),
    });
    const match = items.find((order) => order.code === code);
    if (match) return client.orders.get.query({ id: match.id });
    if (nextCursor === null) return null;
    cursor = nextCursor;
  }
  return null;
}
