import type { ReactNode } from 'react';
import { FailedState } from './empty-state.tsx';
import { Loading, Skeleton } from './loading.tsx';

interface LoadedProps<T> {
  of: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  /** Completes "Loading …" for screen readers. */
  what: string;
  children: (data: T) => ReactNode;
}

/** The data of a query, or that they are being read, or why they could not be. */
export function Loaded<T>({ of: { data, error, isPending, refetch }, what, children }: LoadedProps<T>) {
  if (isPending)
    return (
      <Loading what={what}>
        <Skeleton size="block" />
      </Loading>
    );
  return data === undefined ? <FailedState error={error} onRetry={() => refetch()} /> : children(data);
}
