import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { takeBegunToday } from '../first/begun-today.ts';

/** Below the key of the lists, which are read again when an order has changed. */
export const todayQuery = queryOptions({
  queryKey: ['staff', 'orders', 'today'],
  queryFn: async ({ signal }) => (await takeBegunToday()) ?? client.admin.today.query(undefined, { signal }),
  refetchInterval: 60_000,
});

/** A worker computes the figures once a minute. */
export const salesQuery = queryOptions({
  queryKey: ['staff', 'sales'],
  queryFn: ({ signal }) => client.admin.sales.query(undefined, { signal }),
  refetchInterval: 60_000,
});
