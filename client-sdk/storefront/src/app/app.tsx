import { lazy, type ReactNode, Suspense } from 'react';
import { useSession } from '../data/session.ts';
import { CartPage } from '../pages/cart-page.tsx';
import { CheckoutPage } from '../pages/checkout-page.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { OrderPage } from '../pages/order-page.tsx';
import { OrdersPage } from '../pages/orders-page.tsx';
import { ProductByIdPage, ProductPage } from '../pages/product-page.tsx';
import { ProductsPage } from '../pages/products-page.tsx';
import { SignInPage } from '../pages/sign-in-page.tsx';
import { Loading, Skeleton } from '../parts/loading.tsx';
import { Footer, Header } from './frame.tsx';
import { PageTitle } from './page-title.tsx';
import { matchPath, useLocation } from './router.tsx';

/** Loaded lazily, so that shoppers do not download the staff pages. */
const StaffPage = lazy(async () => ({ default: (await import('../pages/staff/staff-home-page.tsx')).StaffPage }));
const StaffOrderPage = lazy(async () => ({
  default: (await import('../pages/staff/staff-order-page.tsx')).StaffOrderPage,
}));

interface Route {
  pattern: string;
  /** The role that may see the page; anyone may without it. Others get the sign-in page at the same address. */
  only?: 'customer' | 'staff';
  page: (values: Record<string, string>, query: URLSearchParams) => ReactNode;
}

const ROUTES: readonly Route[] = [
  { pattern: '/', page: (_, query) => <ProductsPage query={query} /> },
  { pattern: '/products/:slug', page: ({ slug = '' }) => <ProductPage key={slug} slug={slug} /> },
  { pattern: '/products/by-id/:id', page: ({ id = '' }) => <ProductByIdPage key={id} id={id} /> },
  { pattern: '/cart', only: 'customer', page: (_, query) => <CartPage from={query.get('from')} /> },
  { pattern: '/checkout', only: 'customer', page: () => <CheckoutPage /> },
  { pattern: '/orders', only: 'customer', page: () => <OrdersPage /> },
  { pattern: '/orders/:id', only: 'customer', page: ({ id = '' }) => <OrderPage key={id} id={id} /> },
  { pattern: '/sign-in', page: (_, query) => <SignInPage key="in" mode="sign-in" next={query.get('next')} /> },
  { pattern: '/sign-up', page: (_, query) => <SignInPage key="up" mode="sign-up" next={query.get('next')} /> },
  { pattern: '/staff', only: 'staff', page: (_, query) => <StaffPage query={query} /> },
  { pattern: '/staff/orders/:id', only: 'staff', page: ({ id = '' }) => <StaffOrderPage key={id} id={id} /> },
];

export function App() {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<LoadingPage />}>
          <CurrentPage />
        </Suspense>
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
  const session = useSession();
  for (const { pattern, only, page } of ROUTES) {
    const values = matchPath(pattern, path);
    if (values === null) continue;
    if (only !== undefined && session === null) return <SignInPage mode="sign-in" inPlace next={null} />;
    // Only a convenience: the server rejects every call of a customer on the staff pages.
    if (only === 'staff' && session?.user.role !== 'staff') return <NotFoundPage />;
    return page(values, query);
  }
  return <NotFoundPage />;
}
