/** The queries and mutations of the account's page. */
import type {
  Account,
  AccountSession,
  ProfileInput,
  SavedAddress,
  Session,
  ShippingAddress,
} from '@orders-module/client';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { keepAccount, startSession } from '../../../parts/data/session.ts';

/** A short limit, ms: after it the shopper types the address. */
const BRIEFLY = { context: { timeoutMs: 1_500 } };

/** The last used first. */
export const addressesQuery = queryOptions({
  queryKey: ['addresses'],
  queryFn: async () => (await client.account.addresses.query(undefined, BRIEFLY)).items,
  // Changed by this page, and by each order.
  staleTime: 0,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await client.account.sessions.query(undefined, { signal })).items,
});

export function useSetProfile() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (profile: ProfileInput) => client.account.setProfile.mutate(profile),
    onSuccess: (account: Account) => {
      keepAccount(account);
      queryClient.setQueryData(['account'], account);
    },
  });
}

export function useSendVerification() {
  return useMutation({ mutationFn: () => client.auth.sendVerification.mutate() });
}

/** Also signs in anew here, because a new password ends every session. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (input: { currentPassword: string; password: string }) => client.account.changePassword.mutate(input),
    onSuccess: useGoOnWith(),
  });
}

export function useEndOtherSessions() {
  return useMutation({ mutationFn: () => client.account.endOtherSessions.mutate({}), onSuccess: useGoOnWith() });
}

function useGoOnWith() {
  const queryClient = useQueryClient();
  return (session: Session) => {
    startSession(session);
    return queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
}

export function useEndSession() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.account.endSession.mutate({ id }),
    onSuccess: ({ items }: { items: AccountSession[] }) => queryClient.setQueryData(sessionsQuery.queryKey, items),
  });
}

export function useSaveAddress() {
  return useAddressChange(({ id, address }: { id: string | undefined; address: ShippingAddress }) =>
    client.account.saveAddress.mutate({ ...(id === undefined ? {} : { id }), address }),
  );
}

export function useRemoveAddress() {
  return useAddressChange((id: string) => client.account.removeAddress.mutate({ id }));
}

function useAddressChange<T>(change: (input: T) => Promise<{ items: SavedAddress[] }>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: ({ items }) => queryClient.setQueryData(addressesQuery.queryKey, items),
  });
}
