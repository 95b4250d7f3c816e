import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageTitle } from './page-title.tsx';

interface FailedPageProps {
  /** Completes the sentence "a part of … could not be loaded". */
  app: string;
  wayOut: { href: string; words: string };
}

/** In place of a page that fails while it is rendered, or whose code cannot be loaded. */
export function FailedPage({ app, wayOut }: FailedPageProps) {
  return (
    <div className="page">
      <PageTitle title="This page does not work" className="visually-hidden" />
      <div role="alert">
        <EmptyState icon="alert" title="This page does not work">
          <p>Something in it failed, or a part of {app} could not be loaded. Nothing that you saved is lost.</p>
          <div className="actions">
            <Button onClick={() => window.location.reload()}>Load the page again</Button>
            {/* A whole page load, because the fault may be in the code that is running. */}
            <a href={wayOut.href} className="button button-secondary">
              {wayOut.words}
            </a>
          </div>
        </EmptyState>
      </div>
    </div>
  );
}
