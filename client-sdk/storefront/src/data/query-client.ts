/**
 * What has been asked of the server, kept for the pages. The SDK repeats what is safe to repeat, so nothing is repeated
 * here. A token that the server no longer takes ends the session; the page then asks to sign in, in place.
 */
import { isOrdersError } from '@orders-module/client';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { currentSession, endSession, subscribe } from './session.ts';

/** A page that one comes back to within this time is shown as it was, ms. */
const FRESH_MS = 10_000;

const onError = (error: unknown) => {
  if (isOrdersError(error, 'UNAUTHENTICATED')) endSession();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({
    // A sign-in's refusal speaks of a password, and not of the session that stands.
    onError: (error, _input, _started, { meta }) => {
      if (meta?.signsIn !== true) onError(error);
    },
  }),
  defaultOptions: {
    // 'always': a page without a network says so, instead of waiting silently for one.
    queries: { retry: false, staleTime: FRESH_MS, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

let owner = currentSession()?.user.id;

subscribe(() => {
  const now = currentSession()?.user.id;
  if (now === owner) return;
  owner = now;
  // What one account was shown is nothing for the next.
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'catalogue' });
});
