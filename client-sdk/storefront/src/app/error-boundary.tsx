import { Component, type ReactNode } from 'react';
import { FailedPage } from '../../../parts/page/failed-page.tsx';

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
    return this.state.failedAt === null ? (
      this.props.children
    ) : (
      <FailedPage app="the shop" wayOut={{ href: '/', words: 'To the shop' }} />
    );
  }
}
