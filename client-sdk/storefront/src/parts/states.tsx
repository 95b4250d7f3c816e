/** What a page shows when there is nothing, not yet, or not now. */
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

/** Nothing here, and what to do next. */
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

/** A question failed; asking again is the way on. */
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

/** Asking again failed. What was known stays on the page, and with it what was typed beside it; this says that it may be old. */
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
  /** An infinite query's result. */
  of: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => void;
  };
  children: ReactNode;
}

/** The foot of a list: the way to its next page, or why that page did not come. */
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

/** A whole page for an address that leads nowhere. */
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

/** A grey bar in the place of text to come. `size` names its width. */
export function Bone({ size = 'full' }: { size?: 'full' | 'half' | 'third' | 'title' | 'block' }) {
  return <span className={`bone bone-${size}`} />;
}

/** Wraps placeholders: says "Loading" once to a screen reader, and hides the grey bars from it. */
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
