/** The tRPC router: one sub-router per noun. Clients import only its type. */
import { accountRouter } from './routers/accounts/account.ts';
import { authRouter } from './routers/accounts/auth.ts';
import { linksRouter } from './routers/accounts/links.ts';
import { adminBooksRouter } from './routers/admin-books.ts';
import { adminCatalogRouter } from './routers/admin-catalog.ts';
import { adminCorrectionsRouter } from './routers/admin-corrections.ts';
import { adminOrdersRouter } from './routers/admin-orders.ts';
import { adminPeopleRouter } from './routers/admin-people.ts';
import { adminPreviewsRouter } from './routers/admin-previews.ts';
import { adminRefundsRouter } from './routers/admin-refunds.ts';
import { adminShipmentsRouter } from './routers/admin-shipments.ts';
import { cartRouter } from './routers/cart.ts';
import { catalogRouter } from './routers/catalog.ts';
import { adminImportRouter } from './routers/desk/admin-import.ts';
import { adminJobsRouter } from './routers/desk/admin-jobs.ts';
import { adminProductsRouter } from './routers/desk/admin-products.ts';
import { adminTodayRouter } from './routers/desk/admin-today.ts';
import { adminDisputesRouter } from './routers/disputes/admin-disputes.ts';
import { ordersRouter } from './routers/orders.ts';
import { adminPayoutsRouter } from './routers/payouts/admin-payouts.ts';
import { adminShopRouter } from './routers/shop/admin-shop.ts';
import { shopRouter } from './routers/shop/shop.ts';
import { createCallerFactory, mergeRouters, router } from './trpc.ts';

export const appRouter = router({
  shop: shopRouter,
  auth: mergeRouters(authRouter, linksRouter),
  account: accountRouter,
  catalog: catalogRouter,
  cart: cartRouter,
  orders: ordersRouter,
  admin: mergeRouters(
    adminBooksRouter,
    adminCatalogRouter,
    adminCorrectionsRouter,
    adminDisputesRouter,
    adminImportRouter,
    adminJobsRouter,
    adminOrdersRouter,
    adminPayoutsRouter,
    adminPeopleRouter,
    adminProductsRouter,
    adminPreviewsRouter,
    adminRefundsRouter,
    adminShipmentsRouter,
    adminShopRouter,
    adminTodayRouter,
  ),
});

export type AppRouter = typeof appRouter;
export type { ErrorCode, ErrorDetails } from '../../models/contract/errors.ts';

/** REST routes call the procedures through it, with the request's context, so that both APIs obey the same rules. */
export const createCaller = createCallerFactory(appRouter);
