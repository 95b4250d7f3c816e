import { queryClient } from '../../../parts/data/query-client.ts';
import { currentToken } from '../../../parts/data/session.ts';
import { todayQuery } from '../data/today.ts';

/** Starts to read the figures of the first page before anything is rendered, because staff on slow networks wait for them. */
export function readFirstPage(): void {
  const isFirst = /^\/desk\/?$/.test(window.location.pathname);
  if (isFirst && currentToken() !== null) void queryClient.prefetchQuery(todayQuery);
}
