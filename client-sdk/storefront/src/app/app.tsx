import type { Permission } from '@orders-module/client';
import { type ReactNode, Suspense } from 'react';
import { useAccount } from '../data/account.ts';
import { AccountPage } from '../pages/account-page.tsx';
import { CartPage } from '../pages/cart-page.tsx';
import { CheckoutPage } from '../pages/checkout-page.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { OrderPage } from '../pages/order-page.tsx';
import { OrdersPage } from '../pages/orders-page.tsx';
import { ProductByIdPage, ProductPage } from '../pages/product-page.tsx';
import { ProductsPage } from '../pages/products-page.tsx';
import { SignInPage } from '../pages/sign-in-page.tsx';
import { Loading, Skeleton } from '../parts/loading.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Footer, Header } from './frame.tsx';
import { lazyPage } from './lost-chunks.ts';
import { PageTitle } from './page-title.tsx';
import { matchPath, useLocation } from './router.tsx';

/** Loaded lazily, so that shoppers do not download the staff pages. */
const StaffPage = lazyPage(async () => (await import('../pages/staff/staff-home-page.tsx')).StaffPage);
const StaffOrderPage = lazyPage(async () => (await import('../pages/staff/staff-order-page.tsx')).StaffOrderPage);
const PayoutsPage = lazyPage(async () => (await import('../pages/staff/payouts-page.tsx')).PayoutsPage);
const PayoutPage = lazyPage(async () => (await import('../pages/staff/payout-page.tsx')).PayoutPage);

interface Route {
  pattern: string;
  /**
   * The page is for everybody who is signed in, or for staff with this permission; without it, for anyone. Others get the
   * sign-in page at the same address.
   */
  only?: 'signed in' | Permission;
  page: (values: Record<string, string>, query: URLSearchParams) => ReactNode;
}

const ROUTES: readonly Route[] = [
  { pattern: '/', page: (_, query) => <ProductsPage query={query} /> },
  { pattern: '/products/:slug', page: ({ slug = '' }) => <ProductPage key={slug} slug={slug} /> },
  { pattern: '/products/by-id/:id', page: ({ id = '' }) => <ProductByIdPage key={id} id={id} /> },
  { pattern: '/cart', only: 'signed in', page: (_, query) => <CartPage from={query.get('from')} /> },
  { pattern: '/checkout', only: 'signed in', page: () => <CheckoutPage /> },
  { pattern: '/orders', only: 'signed in', page: () => <OrdersPage /> },
  { pattern: '/orders/:id', only: 'signed in', page: ({ id = '' }) => <OrderPage key={id} id={id} /> },
  { pattern: '/account', only: 'signed in', page: () => <AccountPage /> },
  { pattern: '/sign-in', page: (_, query) => <SignInPage key="in" mode="sign-in" next={query.get('next')} /> },
  { pattern: '/sign-up', page: (_, query) => <SignInPage key="up" mode="sign-up" next={query.get('next')} /> },
  { pattern: '/staff', only: 'viewOrders', page: (_, query) => <StaffPage query={query} /> },
  { pattern: '/staff/payouts', only: 'viewPayouts', page: () => <PayoutsPage /> },
  { pattern: '/staff/payouts/:id', only: 'viewPayouts', page: ({ id = '' }) => <PayoutPage key={id} id={id} /> },
  { pattern: '/staff/orders/:id', only: 'viewOrders', page: ({ id = '' }) => <StaffOrderPage key={id} id={id} /> },
];

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
  for (const { pattern, only, page } of ROUTES) {
    const values = matchPath(pattern, path);
    if (values === null) continue;
    if (only !== undefined && account === null) return <SignInPage mode="sign-in" inPlace next={null} />;
    // Only a convenience: the server rejects every call without the permission.
    if (only !== undefined && only !== 'signed in' && !account?.permissions.includes(only)) return <NotFoundPage />;
    return page(values, query);
  }
  return <NotFoundPage />;
}
