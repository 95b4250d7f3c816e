/**
 * The server's router as a type: all that ties this package to the server. The build writes it out with what is the
 * server's own (its context, its metadata) erased, so that the published types need nothing but @trpc/*.
 */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter as ServerRouter } from '../../server/router.ts';

/** Every procedure with its input and output; the type parameter of tRPC's own tools. */
export type AppRouter = ServerRouter;

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
