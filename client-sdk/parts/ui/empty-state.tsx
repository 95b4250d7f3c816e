import type { ReactNode } from 'react';
import { sayError } from '../data/errors.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Notice } from './notice.tsx';

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
