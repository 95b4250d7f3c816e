/** Makes TanStack Query's infinite queries fit lists that go one way. */
import type { Operation, TRPCLink } from '@trpc/client';
import type { AppRouter } from './router.ts';

/**
 * Leaves out the `direction` that infinite queries add to an input beside the cursor: no list of ours has one, and the
 * server takes no field that it does not know.
 */
export const pagesLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next({ ...op, input: withoutDirection(op) });

function withoutDirection({ type, input }: Operation): unknown {
  if (type !== 'query' || typeof input !== 'object' || input === null || !('direction' in input)) return input;
  const { direction: _, ...rest } = input;
  return rest;
}
