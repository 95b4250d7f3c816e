import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { ErrorNotice } from './notice.tsx';

interface NextPageButtonProps {
  /** The result of an infinite query. */
  of: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => void;
  };
  children: ReactNode;
}

/** The end of a list: a button for the next page, or the error of loading it. */
export function NextPageButton({ of: list, children }: NextPageButtonProps) {
  if (!list.hasNextPage) return null;
  return (
    <div className="more">
      {list.isFetchNextPageError ? <ErrorNotice error={list.error} /> : null}
      <Button look="secondary" busy={list.isFetchingNextPage && 'Loading…'} onClick={() => list.fetchNextPage()}>
        {children}
      </Button>
    </div>
  );
}
