import type { Operation, TRPCLink } from '@trpc/client';
import type { AppRouter } from './router.ts';

/**
 * Removes the `direction` that TanStack Query's infinite queries add to the input. The lists of this API go one way, and
 * the server rejects unknown fields.
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
