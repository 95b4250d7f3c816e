/** Every page by its address. The code of a page is loaded when it is opened, or when a link to it is pointed at. */
import type { Permission } from '@orders-module/client';
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { requestHeadingFocus } from '../../../parts/page/heading-focus.ts';
import { lazyPage, loadEarly } from '../../../parts/page/lost-chunks.ts';
import { NotFoundPage } from '../app/not-found-page.tsx';
import type { ProductFilters } from '../data/products.ts';
import { readOrderFilters } from '../orders/order-filters.ts';
import { readPrintSearch } from '../print/print-search.ts';
import { TodayPage } from '../today/today-page.tsx';
import { FailedDeskPage } from './failed-desk-page.tsx';
import { Frame } from './frame.tsx';
import { LoadingPage } from './loading-page.tsx';
import { parseSearch, stringifySearch, wordOf } from './search-params.ts';

const root = createRootRoute({ component: Frame, notFoundComponent: () => <NotFoundPage /> });
const under = () => root;

function Guarded({ only, page: Page }: { only: Permission; page: ComponentType }) {
  return useMay(only) ? <Page /> : <NotFoundPage />;
}

/** Others than `only` read that there is no such page; the server refuses their calls as well. */
function page(only: Permission, load: () => Promise<ComponentType>) {
  const Lazy = lazyPage(load);
  return Object.assign(() => <Guarded only={only} page={Lazy} />, { preload: () => loadEarly(Lazy.load) });
}

/** In the code of the app itself: it is what staff open, and a file of its own would come one trip later. */
const today = createRoute({
  getParentRoute: under,
  path: '/',
  component: () => <Guarded only="viewOrders" page={TodayPage} />,
});

const attention = createRoute({
  getParentRoute: under,
  path: '/attention',
  component: page('viewOrders', async () => (await import('../attention/attention-page.tsx')).AttentionPage),
});

const orders = createRoute({
  getParentRoute: under,
  path: '/orders',
  validateSearch: readOrderFilters,
  component: page('viewOrders', async () => (await import('../orders/orders-page.tsx')).OrdersPage),
});

const shipMany = createRoute({
  getParentRoute: under,
  path: '/ship-many',
  /** Codes, with commas between them. */
  validateSearch: ({ orders: codes }: Record<string, unknown>): { orders?: string } => {
    const given = wordOf(codes, 2_000);
    return given === undefined ? {} : { orders: given };
  },
  component: page('shipMany', async () => (await import('../ship-many/ship-many-page.tsx')).ShipManyPage),
});

const print = createRoute({
  getParentRoute: under,
  path: '/print',
  validateSearch: readPrintSearch,
  component: page('viewOrders', async () => (await import('../print/print-page.tsx')).PrintPage),
});

const order = createRoute({
  getParentRoute: under,
  path: '/orders/$id',
  component: page('viewOrders', async () => (await import('../order/order-page.tsx')).OrderPage),
});

const disputes = createRoute({
  getParentRoute: under,
  path: '/disputes',
  component: page('viewOrders', async () => (await import('../disputes/disputes-page.tsx')).DisputesPage),
});

const products = createRoute({
  getParentRoute: under,
  path: '/products',
  validateSearch: ({ q, show }: Record<string, unknown>): ProductFilters => {
    const text = wordOf(q, 100);
    return { ...(text === undefined ? {} : { q: text }), ...(show === 'low' || show === 'archived' ? { show } : {}) };
  },
  component: page('viewCatalogue', async () => (await import('../products/products-page.tsx')).ProductsPage),
});

const product = createRoute({
  getParentRoute: under,
  path: '/products/$id',
  component: page('viewCatalogue', async () => (await import('../products/product-page.tsx')).ProductPage),
});

const newProduct = createRoute({
  getParentRoute: under,
  path: '/products/new',
  component: page('editCatalogue', async () => (await import('../products/new-product-page.tsx')).NewProductPage),
});

const importProducts = createRoute({
  getParentRoute: under,
  path: '/products/import',
  component: page('editCatalogue', async () => (await import('../products/import/import-page.tsx')).ImportPage),
});

const people = createRoute({
  getParentRoute: under,
  path: '/people',
  component: page('people', async () => (await import('../people/people-page.tsx')).PeoplePage),
});

/** For people who are no staff yet: the frame shows it to everybody. */
const invitation = createRoute({
  getParentRoute: under,
  path: '/invitation',
  component: lazyPage(async () => (await import('../people/invitation-page.tsx')).InvitationPage),
});

const payouts = createRoute({
  getParentRoute: under,
  path: '/payouts',
  component: page('viewPayouts', async () => (await import('../payouts/payouts-page.tsx')).PayoutsPage),
});

const payout = createRoute({
  getParentRoute: under,
  path: '/payouts/$id',
  component: page('viewPayouts', async () => (await import('../payouts/payout-page.tsx')).PayoutPage),
});

const jobs = createRoute({
  getParentRoute: under,
  path: '/jobs',
  component: page('jobs', async () => (await import('../jobs/jobs-page.tsx')).JobsPage),
});

const settings = createRoute({
  getParentRoute: under,
  path: '/settings',
  component: page('settings', async () => (await import('../settings/settings-page.tsx')).SettingsPage),
});

export const router = createRouter({
  routeTree: root.addChildren([
    today,
    attention,
    orders,
    shipMany,
    print,
    order,
    disputes,
    payouts,
    payout,
    products,
    newProduct,
    importProducts,
    product,
    people,
    invitation,
    jobs,
    settings,
  ]),
  basepath: '/desk',
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingComponent: LoadingPage,
  defaultErrorComponent: FailedDeskPage,
  scrollRestoration: true,
});

router.subscribe('onBeforeNavigate', ({ pathChanged }) => {
  if (pathChanged) requestHeadingFocus();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
