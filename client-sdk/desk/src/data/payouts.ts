/** Queries of the pages about payouts. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';

const PAGE = 20;
const after = (cursor: string | null) => ({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor,
};

export const payoutsQuery = infiniteQueryOptions({
  ...paged,
  queryKey: ['staff', 'payouts'],
  queryFn: ({ pageParam, signal }) => client.admin.payouts.query(after(pageParam), { signal }),
});

export const unpaidChargesQuery = infiniteQueryOptions({
  ...paged,
  queryKey: ['staff', 'unpaid-charges'],
  queryFn: ({ pageParam, signal }) => client.admin.unpaidCharges.query(after(pageParam), { signal }),
});

export const awaitedPayoutQuery = queryOptions({
  queryKey: ['staff', 'awaited-payout'],
  queryFn: ({ signal }) => client.admin.awaitedPayout.query(undefined, { signal }),
});

export function payoutQuery(id: string) {
  return queryOptions({
    queryKey: ['staff', 'payout', id],
    queryFn: ({ signal }) => client.admin.payout.query({ id }, { signal }),
  });
}

export function payoutChargesQuery(id: string) {
  return infiniteQueryOptions({
    ...paged,
    queryKey: ['staff', 'payout', id, 'charges'],
    queryFn: ({ pageParam, signal }) => client.admin.payoutCharges.query({ id, ...after(pageParam) }, { signal }),
  });
}
