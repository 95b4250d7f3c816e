import { Component, type ReactNode } from 'react';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { EmptyState } from '../../../parts/ui/empty-state.tsx';

interface ErrorBoundaryProps {
  /** Another place is another page: its error ends with it. */
  place: string;
  children: ReactNode;
}

/**
 * Shows a page that fails while it is rendered, or whose code cannot be loaded, as a failed page with ways on. React logs
 * the error itself.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failedAt: string | null }> {
  override state: { failedAt: string | null } = { failedAt: null };

  static getDerivedStateFromError() {
    return { failedAt: '' };
  }

  static getDerivedStateFromProps({ place }: ErrorBoundaryProps, { failedAt }: { failedAt: string | null }) {
    if (failedAt === null || failedAt === place) return null;
    return { failedAt: failedAt === '' ? place : null };
  }

  override render() {
    return this.state.failedAt === null ? this.props.children : <FailedPage />;
  }
}

function FailedPage() {
  return (
    <div className="page">
      <PageTitle title="This page does not work" className="visually-hidden" />
      <div role="alert">
        <EmptyState icon="alert" title="This page does not work">
          <p>Something in it failed, or a part of the shop could not be loaded. Nothing that you saved is lost.</p>
          <div className="actions">
            <Button onClick={() => window.location.reload()}>Load the page again</Button>
            {/* A whole page load, because the fault may be in the code that is running. */}
            <a href="/" className="button button-secondary">
              To the shop
            </a>
          </div>
        </EmptyState>
      </div>
    </div>
  );
}
