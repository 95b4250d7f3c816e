/** The signed-in account with its permissions, and the end of its sessions. */
import type { Account, Permission } from '@orders-module/client';
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { endSession, setSigningOut, useSession } from './session.ts';

/** A changed role is seen on the pages after this time, and by the server at once. */
const FRESH_MS = 60_000;

const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => client.auth.me.query(undefined, { signal }),
  staleTime: FRESH_MS,
});

/** As the server knows it now; until it has answered, as it was at the sign-in. Null when nobody is signed in. */
export function useAccount(): Account | null {
  const session = useSession();
  const { data } = useQuery({ ...accountQuery, enabled: session !== null });
  if (session === null) return null;
  return data?.id === session.user.id ? data : session.user;
}

/** Only a convenience of the pages: the server decides at each call. */
export function useMay(permission: Permission): boolean {
  return useAccount()?.permissions.includes(permission) ?? false;
}

/** Ends the session, or every session of the account. `onLeaving` runs just before this page forgets it. */
export function useSignOut({ everywhere, onLeaving }: { everywhere: boolean; onLeaving: () => void }) {
  const leave = () => {
    onLeaving();
    endSession();
  };
  return useMutation({
    mutationFn: () => client.auth.signOut.mutate({ everywhere }),
    onMutate: () => setSigningOut(true),
    onSuccess: leave,
    // This device forgets its session, also when the shop cannot be reached. Ending the sessions of other devices needs the shop.
    onError: () => (everywhere ? undefined : leave()),
    onSettled: () => setSigningOut(false),
  });
}
