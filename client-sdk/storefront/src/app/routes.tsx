/**
 * Every page by its address. The home page and products are in the first code that a visitor loads; the code of the others
 * is loaded when they are opened.
 */
import type { ReactNode } from 'react';
import { findPage, type PagePattern } from '../../../../models/contract/pages/pages.ts';
import { POLICIES } from '../../../../models/contract/shop/policies.ts';
import { lazyPage, loadEarly } from '../../../parts/page/lost-chunks.ts';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { PolicyPage } from '../pages/policy-page.tsx';
import { ProductByIdPage, ProductPage } from '../pages/product-page.tsx';
import { ProductsPage } from '../pages/products-page.tsx';

const AccountPage = lazyPage(async () => (await import('../pages/account/account-page.tsx')).AccountPage);
const ForgotPasswordPage = lazyPage(
  async () => (await import('../pages/sign-in/forgot-password-page.tsx')).ForgotPasswordPage,
);
const ResetPasswordPage = lazyPage(
  async () => (await import('../pages/sign-in/reset-password-page.tsx')).ResetPasswordPage,
);
const VerifyEmailPage = lazyPage(async () => (await import('../pages/sign-in/verify-email-page.tsx')).VerifyEmailPage);
const CartPage = lazyPage(async () => (await import('../pages/cart-page.tsx')).CartPage);
const CheckoutPage = lazyPage(async () => (await import('../pages/checkout-page.tsx')).CheckoutPage);
const OrderPage = lazyPage(async () => (await import('../pages/order-page.tsx')).OrderPage);
const OrdersPage = lazyPage(async () => (await import('../pages/orders-page.tsx')).OrdersPage);
const ReturnedPage = lazyPage(async () => (await import('../pages/sign-in/returned-page.tsx')).ReturnedPage);
const SignedInPage = lazyPage(async () => (await import('../pages/sign-in/signed-in-page.tsx')).SignedInPage);
/** Also shown in place of pages that need a session. */
export const SignInPage = lazyPage(async () => (await import('../pages/sign-in/sign-in-page.tsx')).SignInPage);

/** Over a page whose session has ended. */
export const SignInAgain = lazyPage(async () => (await import('../../../parts/sign-in/sign-in-again.tsx')).SignInAgain);

export interface Route {
  /**
   * The page is for everybody who is signed in; without it, for anyone. Others get the sign-in page at the same address.
   */
  only?: 'signed in';
  /** In place of the sign-in page; it holds one too. */
  signedOut?: (values: Readonly<Record<string, string>>) => ReactNode;
  /** The component, where its code is loaded apart. */
  lazy?: { load(): Promise<unknown> };
  page: (values: Readonly<Record<string, string>>, query: URLSearchParams) => ReactNode;
}

export const ROUTES: Readonly<Record<PagePattern, Route>> = {
  '/': { page: (_, query) => <ProductsPage query={query} /> },
  '/products/:slug': { page: ({ slug = '' }) => <ProductPage key={slug} slug={slug} /> },
  '/products/by-id/:id': { page: ({ id = '' }) => <ProductByIdPage key={id} id={id} /> },
  '/cart': { lazy: CartPage, page: (_, query) => <CartPage from={query.get('from')} /> },
  '/checkout': { only: 'signed in', lazy: CheckoutPage, page: () => <CheckoutPage /> },
  '/orders': { only: 'signed in', lazy: OrdersPage, page: () => <OrdersPage /> },
  '/orders/:id': {
    only: 'signed in',
    signedOut: ({ id = '' }) => <ReturnedPage key={id} id={id} />,
    lazy: OrderPage,
    page: ({ id = '' }) => <OrderPage key={id} id={id} />,
  },
  '/account': { only: 'signed in', lazy: AccountPage, page: () => <AccountPage /> },
  '/sign-in': {
    lazy: SignInPage,
    page: (_, query) => <SignInPage key="in" mode="sign-in" next={query.get('next')} />,
  },
  '/sign-up': {
    lazy: SignInPage,
    page: (_, query) => <SignInPage key="up" mode="sign-up" next={query.get('next')} />,
  },
  '/forgot-password': { lazy: ForgotPasswordPage, page: () => <ForgotPasswordPage /> },
  '/reset-password': { lazy: ResetPasswordPage, page: () => <ResetPasswordPage /> },
  '/verify-email': { lazy: VerifyEmailPage, page: () => <VerifyEmailPage /> },
  '/policies/:name': {
    page: ({ name = '' }) => {
      const policy = POLICIES.find((one) => one === name);
      return policy === undefined ? <NotFoundPage /> : <PolicyPage key={policy} name={policy} />;
    },
  },
  '/signed-in': { lazy: SignedInPage, page: () => <SignedInPage /> },
};

/** Loads the code of the page at this address before it is opened. A failure is met again, and shown, when it is opened. */
export function loadPageAt(address: string): void {
  const page = findPage(address.split(/[?#]/, 1)[0] ?? '');
  const lazy = page === null ? undefined : ROUTES[page.pattern].lazy;
  if (lazy !== undefined) void loadEarly(lazy.load);
}
