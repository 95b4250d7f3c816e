/** What staff ask and do. Every action answers with the order as it is then, which replaces the one on the page. */
import { isOrdersError, type StaffOrder, type StaffOrderPage, type StaffOrdersInput } from '@orders-module/client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';

export type Attention = NonNullable<StaffOrdersInput['attention']>;
export type StaffSearch = Pick<StaffOrdersInput, 'code' | 'email' | 'reference' | 'attention'>;

const PAGE = 20;
const NOTHING: StaffOrderPage = { items: [], nextCursor: null };

export function staffOrdersQuery(search: StaffSearch) {
  return infiniteQueryOptions({
    queryKey: ['staff', 'orders', search],
    queryFn: ({ pageParam, signal }) =>
      client.admin.orders
        .query({ ...search, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal })
        .catch((error: unknown) => {
          // What was typed is no code, email or reference, so no order has it.
          if (isOrdersError(error, 'INVALID_INPUT') && pageParam === null) return NOTHING;
          throw error;
        }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

const staffOrderKey = (id: string) => ['staff', 'order', id];

export function staffOrderQuery(id: string) {
  return queryOptions({
    queryKey: staffOrderKey(id),
    queryFn: ({ signal }) => client.admin.order.query({ id }, { signal }),
    // Jobs go on after an action: refunds are sent, emails too.
    refetchInterval: 3_000,
  });
}

/** A staff action on one order. `onDone` is called in the same breath in which the page shows the order as it is then. */
export function useStaffAction<Input>(id: string, act: (input: Input) => Promise<StaffOrder>, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (order) => {
      queryClient.setQueryData(staffOrderKey(id), order);
      void queryClient.invalidateQueries({ queryKey: ['staff', 'orders'] });
      onDone();
    },
    // The refusal says why; the order has probably moved on.
    onError: () => queryClient.invalidateQueries({ queryKey: staffOrderKey(id) }),
  });
}

/** What a search box was given, by its look: an email, a payment reference, else an order's code. */
export function toStaffSearch(text: string): StaffSearch {
  const given = text.trim();
  if (given.includes('@')) return { email: given };
  return /[-=.]/.test(given) ? { reference: given } : { code: given };
}
