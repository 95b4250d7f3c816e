/** The frame of the desk: its places, the search, who is signed in, and the page. */
import type { Account } from '@orders-module/client';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Fragment, Suspense, useEffect } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useAccount } from '../../../parts/data/account.ts';
import { endSession, useSessionEnded } from '../../../parts/data/session.ts';
import { useShopName } from '../../../parts/data/shop.ts';
import { lazyPage } from '../../../parts/page/lost-chunks.ts';
import { forgetNewOrders, titleWith, useNewOrders } from '../data/new-orders.ts';
import { useStaffChanges } from '../data/orders.ts';
import { AccountMenu } from './account-menu.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { FailedDeskPage } from './failed-desk-page.tsx';
import { LoadingPage } from './loading-page.tsx';
import { PlaceLink } from './place-link.tsx';
import { PLACES } from './places.ts';
import { SearchBox } from './search-box.tsx';

const SignInPage = lazyPage(async () => (await import('./sign-in-page.tsx')).SignInPage);
const SignInAgain = lazyPage(async () => (await import('../../../parts/sign-in/sign-in-again.tsx')).SignInAgain);
const NotStaffPage = lazyPage(async () => (await import('./not-staff-page.tsx')).NotStaffPage);

export function Frame() {
  const account = useAccount();
  const { pathname } = useLocation();
  if (pathname === '/invitation')
    return (
      <Alone>
        <Outlet />
      </Alone>
    );
  if (account === null)
    return (
      <Alone>
        <SignInPage />
      </Alone>
    );
  // Only a convenience: the server rejects every call without the permission.
  if (!account.permissions.includes('viewOrders'))
    return (
      <Alone>
        <NotStaffPage account={account} />
      </Alone>
    );
  return <StaffFrame key={account.id} account={account} />;
}

function Alone({ children }: { children: React.ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className="alone">
      <Suspense fallback={<LoadingPage />}>{children}</Suspense>
    </main>
  );
}

function StaffFrame({ account }: { account: Account }) {
  const { pathname } = useLocation();
  useStaffChanges();
  useNewOrdersInTitle(pathname);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <div className="desk">
        <SideBar account={account} />
        <div className="desk-page">
          <header className="desk-top">
            <SearchBox />
            <AccountMenu account={account} />
          </header>
          <main id="main" tabIndex={-1}>
            {/* Another place is another page: its error ends with it. */}
            <ErrorBoundary FallbackComponent={FailedDeskPage} resetKeys={[pathname]}>
              <Suspense fallback={<LoadingPage />}>
                <Fragment key={account.id}>
                  <Outlet />
                </Fragment>
              </Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <BottomBar account={account} />
      </div>
      <EndedSession account={account} />
    </>
  );
}

function SideBar({ account }: { account: Account }) {
  const shopName = useShopName();
  return (
    <nav className="side-bar" aria-label="Main">
      <Link to="/" className="side-bar-shop">
        <bdi>{shopName}</bdi>
      </Link>
      <ul>
        {PLACES.filter(({ only }) => account.permissions.includes(only)).map(({ to, name, icon: Icon }) => (
          <li key={to}>
            <PlaceLink to={to} name={name} icon={Icon} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** In the title of the tab, which is seen from other tabs. The list of orders itself shows what is new. */
function useNewOrdersInTitle(pathname: string): void {
  const newOrders = useNewOrders();
  const isListShown = pathname === '/orders' && newOrders > 0;
  useEffect(() => {
    if (isListShown) forgetNewOrders();
  }, [isListShown]);
  useEffect(() => {
    const show = () => {
      const title = titleWith(newOrders, document.title);
      if (document.title !== title) document.title = title;
    };
    show();
    // Each page sets a title of its own, some of them later than they are opened.
    const observer = new MutationObserver(show);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => observer.disconnect();
  }, [newOrders]);
}

/** Over the page, which keeps what was typed. */
function EndedSession({ account }: { account: Account }) {
  if (!useSessionEnded()) return null;
  return (
    <Suspense fallback={null}>
      <SignInAgain email={account.email} onLeave={endSession} />
    </Suspense>
  );
}
