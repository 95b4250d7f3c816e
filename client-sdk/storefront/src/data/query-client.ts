/**
 * The cache of server responses. The client already retries idempotent calls, so TanStack Query does not. UNAUTHENTICATED
 * ends the session, and the page then shows the sign-in form in place.
 */
import { isOrdersError } from '@orders-module/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { followGuestCart } from './guest-cart.ts';
import { currentSession, endSession, subscribe } from './session.ts';

/** Within this time a page is shown from the cache without fetching again. */
const FRESH_MS = 10_000;

const onError = (error: unknown) => {
  if (isOrdersError(error, 'UNAUTHENTICATED')) endSession();
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

let owner = currentSession()?.user.id;

subscribe(() => {
  const now = currentSession()?.user.id;
  if (now === owner) return;
  owner = now;
  // The next account must not see cached data of the last one.
  queryClient.removeQueries({ predicate: ({ queryKey }) => !ALIKE_FOR_ALL.has(queryKey[0]) });
});

followGuestCart(queryClient);
