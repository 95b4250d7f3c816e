import { Link } from '@tanstack/react-router';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';

/** The page for an unknown address, and for one that this person may not see. */
export function NotFoundPage({ what = 'page' }: { what?: string }) {
  return (
    <div className="page">
      <div className="empty">
        <span className="empty-icon">
          <Icon name="search" />
        </span>
        <PageTitle title={`There is no such ${what}`} className="empty-title" />
        <p>The link may be old or mistyped, or the page may be for others.</p>
        <Link to="/" className="button button-primary">
          To the first page
        </Link>
      </div>
    </div>
  );
}
