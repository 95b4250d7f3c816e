/** The router: one noun each. Its type is all that clients import. */
import { adminCatalogRouter } from './routers/admin-catalog.ts';
import { adminOrdersRouter } from './routers/admin-orders.ts';
import { authRouter } from './routers/auth.ts';
import { cartRouter } from './routers/cart.ts';
import { catalogRouter } from './routers/catalog.ts';
import { ordersRouter } from './routers/orders.ts';
import { createCallerFactory, mergeRouters, router } from './trpc.ts';

export const appRouter = router({
  auth: authRouter,
  catalog: catalogRouter,
  cart: cartRouter,
  orders: ordersRouter,
  admin: mergeRouters(adminCatalogRouter, adminOrdersRouter),
});

export type AppRouter = typeof appRouter;
/** What a client can be told of a failure, and what each code carries. */
export type { ErrorCode, ErrorDetails } from '../../models/contract/errors.ts';

/** For REST routes: calls the procedures with the context of the request, so that both ways in obey the same rules. */
export const createCaller = createCallerFactory(appRouter);
