import type { ReactNode } from 'react';
import { PageTitle } from '../app/page-title.tsx';
import { sayError } from '../data/errors.ts';
import { Button, ButtonLink } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { ErrorNotice, Notice } from './notice.tsx';

interface EmptyStateProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
}

/** An empty list or page, with the next step as its children. */
export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} />
      </span>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A query failed, and there is no earlier data to show. */
export function FailedState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className="empty" role="alert">
      <span className="empty-icon empty-icon-bad">
        <Icon name="alert" />
      </span>
      <p className="empty-title">That did not work</p>
      <p>{sayError(error)}</p>
      <Button look="secondary" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** A refetch failed. The page keeps its data and typed text; this notice says that the data may be stale. */
export function StaleNotice({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Notice tone="warn" role="status" title="This may be out of date">
      <p>{sayError(error)}</p>
      <button type="button" className="link-button" onClick={onRetry}>
        Try again
      </button>
    </Notice>
  );
}

interface MoreProps {
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
export function More({ of: list, children }: MoreProps) {
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

/** The page for an unknown address. */
export function NotFoundPage({ what = 'page' }: { what?: string }) {
  return (
    <div className="page page-narrow">
      <div className="empty">
        <span className="empty-icon">
          <Icon name="search" />
        </span>
        <PageTitle title={`There is no such ${what}`} className="empty-title" />
        <p>The link may be old or mistyped.</p>
        <ButtonLink to="/">Browse the shop</ButtonLink>
      </div>
    </div>
  );
}

/** A skeleton for text that is still loading. */
export function Bone({ size = 'full' }: { size?: 'full' | 'half' | 'third' | 'title' | 'block' }) {
  return <span className={`bone bone-${size}`} />;
}

/** Wraps skeletons: a screen reader announces "Loading" once, and the skeletons are hidden from it. */
export function Loading({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div className="loading">
      <p className="visually-hidden" role="status">
        Loading {what}…
      </p>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}
