import { queryClient } from '../../../parts/data/query-client.ts';
import { currentSession, currentToken } from '../../../parts/data/session.ts';
import { todayQuery } from '../data/today.ts';

/**
 * Reads the figures of the first page before anything is rendered, because staff on slow networks wait for them. Mostly the
 * page's HTML has begun to.
 */
export function readFirstPage(): void {
  const isFirst = /^\/desk\/?$/.test(window.location.pathname);
  if (!isFirst || currentToken() === null) return;
  if (currentSession()?.user.permissions.includes('viewOrders')) void queryClient.prefetchQuery(todayQuery);
}
