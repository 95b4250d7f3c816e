import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { EmptyState } from '../../../parts/ui/empty-state.tsx';

/** In place of a page that fails while it is rendered, or whose code cannot be loaded. */
export function FailedPage() {
  return (
    <div className="page">
      <PageTitle title="This page does not work" className="visually-hidden" />
      <div role="alert">
        <EmptyState icon="alert" title="This page does not work">
          <p>Something in it failed, or a part of the desk could not be loaded. Nothing that you saved is lost.</p>
          <div className="actions">
            <Button onClick={() => window.location.reload()}>Load the page again</Button>
            {/* A whole page load, because the fault may be in the code that is running. */}
            <a href="/desk" className="button button-secondary">
              To the first page
            </a>
          </div>
        </EmptyState>
      </div>
    </div>
  );
}
