/** Queries and mutations of the staff pages. Every mutation returns the changed order, which replaces the cached one. */
import { isOrdersError, type StaffOrder, type StaffOrderPage, type StaffOrdersInput } from '@orders-module/client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client } from '../../../parts/data/client.ts';
import { addNewOrders } from './new-orders.ts';

export type Attention = NonNullable<StaffOrdersInput['attention']>;
export type StaffSearch = Omit<StaffOrdersInput, 'cursor' | 'limit'>;

const PAGE = 50;
const NOTHING: StaffOrderPage = { items: [], nextCursor: null, count: 0 };

export function staffOrdersQuery(search: StaffSearch) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'orders', search],
    queryFn: ({ pageParam, signal }) =>
      client.admin.orders
        .query({ ...search, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal })
        .catch((error: unknown) => {
          // The text holds characters that no order can have.
          if (isOrdersError(error, 'INVALID_INPUT') && pageParam === null) return NOTHING;
          throw error;
        }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Under the key of the lists, so that both are read again together. */
export const orderCountsQuery = queryOptions({
  queryKey: ['staff', 'orders', 'counts'],
  queryFn: ({ signal }) => client.admin.orderCounts.query(undefined, { signal }),
});

export const failedEmailsQuery = infiniteQueryOptions({
  queryKey: ['staff', 'failed-emails'],
  queryFn: ({ pageParam, signal }) =>
    client.admin.failedEmails.query({ limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ nextCursor }) => nextCursor,
});

export const booksQuery = queryOptions({
  queryKey: ['staff', 'books'],
  queryFn: ({ signal }) => client.admin.books.query(undefined, { signal }),
  // A slice is checked each minute.
  refetchInterval: 60_000,
});

export const carriersQuery = queryOptions({
  queryKey: ['staff', 'carriers'],
  queryFn: ({ signal }) => client.admin.carriers.query(undefined, { signal }),
});

const staffOrderKey = (id: string) => ['staff', 'order', id];

export function staffOrderQuery(id: string) {
  return queryOptions({
    queryKey: staffOrderKey(id),
    queryFn: ({ signal }) => client.admin.order.query({ id }, { signal }),
    // Its emails are sent without a change of the order, so the stream does not report them.
    refetchInterval: 5_000,
  });
}

/** Reads again what the shop reports as changed, while a staff page is open. */
export function useStaffChanges(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const readAgain = (queryKey: string[]) => void queryClient.invalidateQueries({ queryKey });
    const subscription = client.admin.watch.subscribe(undefined, {
      onData: ({ changes, more }) => {
        if (more) {
          addNewOrders(changes.filter(({ kind }) => kind === 'confirmed').length);
          return readAgain(['staff']);
        }
        readAgain(['staff', 'orders']);
        for (const { kind, id } of changes) if (kind === 'order') readAgain(staffOrderKey(id));
        addNewOrders(changes.filter(({ kind }) => kind === 'confirmed').length);
      },
      // The client reconnects by itself; a permanent error says that the role or the session has ended.
      onError: () => readAgain(['account']),
    });
    return () => subscription.unsubscribe();
  }, [queryClient]);
}

/** A staff action on one order. `onDone` runs in the same render as the changed order. */
export function useStaffAction<Input>(
  id: string,
  act: (input: Input) => Promise<StaffOrder>,
  { onDone, onFailed }: { onDone: (order: StaffOrder) => void; onFailed: (error: unknown) => void },
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (order) => {
      queryClient.setQueryData(staffOrderKey(id), order);
      void queryClient.invalidateQueries({ queryKey: ['staff', 'orders'] });
      void queryClient.invalidateQueries({ queryKey: ['staff', 'failed-emails'] });
      onDone(order);
    },
    // The error is shown. The order has probably changed, so it is fetched again.
    onError: (error) => {
      onFailed(error);
      return queryClient.invalidateQueries({ queryKey: staffOrderKey(id) });
    },
  });
}
