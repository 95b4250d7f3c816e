import { Suspense } from 'react';
import { findPage } from '../../../../models/contract/pages/pages.ts';
import { useAccount } from '../data/account.ts';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { Loading, Skeleton } from '../parts/loading.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { useIsMissing, useIsTakenOver } from './first-data.ts';
import { Footer, Header } from './frame.tsx';
import { PageTitle } from './page-title.tsx';
import { useLocation } from './router.tsx';
import { ROUTES, SignInPage } from './routes.tsx';

export function App() {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary place={useLocation().path}>
          <Suspense fallback={<LoadingPage />}>
            <CurrentPage />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Footer />
    </>
  );
}

function LoadingPage() {
  return (
    <div className="page">
      <PageTitle title="One moment" className="visually-hidden" />
      <Loading what="the page">
        <Skeleton size="title" />
        <Skeleton size="block" />
      </Loading>
    </div>
  );
}

function CurrentPage() {
  const { path, query } = useLocation();
  const account = useAccount();
  const isMissing = useIsMissing(path);
  const isTakenOver = useIsTakenOver();
  const found = findPage(path);
  if (found === null) return <NotFoundPage />;
  if (isMissing) return <NotFoundPage what="product" />;
  const { only, lazy, page } = ROUTES[found.pattern];
  // The server renders what is the same for everybody and the first code that a browser loads.
  if (!isTakenOver && lazy !== undefined) return <LoadingPage />;
  if (only !== undefined && account === null) return <SignInPage mode="sign-in" inPlace next={null} />;
  // Only a convenience: the server rejects every call without the permission.
  if (only !== undefined && only !== 'signed in' && !account?.permissions.includes(only)) return <NotFoundPage />;
  return page(found.values, query);
}
