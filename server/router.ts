/** The router: one noun each. Its type is all that clients import. */
import { adminCatalogRouter } from './routers/admin-catalog.ts';
import { authRouter } from './routers/auth.ts';
import { cartRouter } from './routers/cart.ts';
import { catalogRouter } from './routers/catalog.ts';
import { createCallerFactory, mergeRouters, router } from './trpc.ts';

export const appRouter = router({
  auth: authRouter,
  catalog: catalogRouter,
  cart: cartRouter,
  admin: mergeRouters(adminCatalogRouter),
});

export type AppRouter = typeof appRouter;

/** For REST routes: calls the procedures with the context of the request, so that both ways in obey the same rules. */
export const createCaller = createCallerFactory(appRouter);
