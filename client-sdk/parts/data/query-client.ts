/**
 * The cache of server responses. The client already retries idempotent calls, so TanStack Query does not. UNAUTHENTICATED
 * ends the session. The page stays as it is, under a sign-in form, and goes on when its owner has signed in again.
 */
import { isOrdersError } from '@orders-module/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { TYPED, tabNotes } from './notes.ts';
import { currentSession, expireSession, hasSessionEnded, subscribe } from './session.ts';

/** Within this time a page is shown from the cache without fetching again. */
const FRESH_MS = 10_000;

const onError = (error: unknown) => {
  if (isOrdersError(error, 'UNAUTHENTICATED')) expireSession();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({
    // UNAUTHENTICATED from a sign-in means a wrong password, not an expired session.
    onError: (error, _input, _started, { meta }) => {
      if (meta?.signsIn !== true) onError(error);
    },
  }),
  defaultOptions: {
    // 'always': without a network, calls fail and the page shows that, instead of pausing silently.
    queries: { retry: false, staleTime: FRESH_MS, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** The first part of the keys whose data are the same for everybody. */
const ALIKE_FOR_ALL: ReadonlySet<unknown> = new Set(['catalogue', 'shop']);

const isOfAccount = ({ queryKey }: { queryKey: readonly unknown[] }) => !ALIKE_FOR_ALL.has(queryKey[0]);

let owner = currentSession()?.user.id;
let hasEnded = hasSessionEnded();

subscribe(() => {
  const now = currentSession()?.user.id;
  const hadEnded = hasEnded;
  hasEnded = hasSessionEnded();
  if (now !== owner) {
    // Without one before, a reload has forgotten whose they are; each form reads its own account's.
    if (owner !== undefined) tabNotes.dropAll(TYPED);
    owner = now;
    // The next account must not see cached data of the last one.
    queryClient.removeQueries({ predicate: isOfAccount });
  } else if (hadEnded && !hasEnded) {
    // Its owner is back: what failed meanwhile is read again.
    void queryClient.invalidateQueries({ predicate: isOfAccount });
  }
});
