import { Fragment, Suspense, useEffect } from 'react';
import { findPage } from '../../../../models/contract/pages/pages.ts';
import { useAccount } from '../../../parts/data/account.ts';
import { endSession, useSessionEnded } from '../../../parts/data/session.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { useIsMissing, useIsTakenOver } from './first-data.ts';
import { Footer, Header } from './frame.tsx';
import { navigate, useLocation } from './router.tsx';
import { ROUTES, SignInAgain, SignInPage } from './routes.tsx';
import { useTheme } from './theme.ts';

export function App() {
  useTheme();
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

const leave = () => {
  navigate('/');
  endSession();
};

function CurrentPage() {
  const { path, query } = useLocation();
  const account = useAccount();
  const isMissing = useIsMissing(path);
  const isTakenOver = useIsTakenOver();
  const hasEnded = useSessionEnded();
  const found = findPage(path);
  const isPublic = found === null || ROUTES[found.pattern].only === undefined;
  // A page for everybody has nothing of the account that must be kept.
  useEffect(() => {
    if (hasEnded && isPublic) endSession();
    // At hand when it is needed, which may be without a network.
    if (!isPublic) void SignInAgain.load().catch(() => undefined);
  }, [hasEnded, isPublic]);
  if (found === null) return <NotFoundPage />;
  if (isMissing) return <NotFoundPage what="product" />;
  const { only, signedOut, lazy, page } = ROUTES[found.pattern];
  // The server renders what is the same for everybody and the first code that a browser loads.
  if (!isTakenOver && lazy !== undefined) return <LoadingPage />;
  if (only !== undefined && account === null)
    return signedOut?.(found.values) ?? <SignInPage mode="sign-in" inPlace next={null} />;
  if (isPublic) return page(found.values, query);
  return (
    <>
      <Fragment key={account?.id}>{page(found.values, query)}</Fragment>
      {hasEnded && account !== null ? (
        <Suspense fallback={null}>
          <SignInAgain email={account.email} onLeave={leave} />
        </Suspense>
      ) : null}
    </>
  );
}
