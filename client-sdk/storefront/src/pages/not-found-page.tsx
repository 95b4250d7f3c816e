import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { ButtonLink } from '../parts/button-link.tsx';

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
