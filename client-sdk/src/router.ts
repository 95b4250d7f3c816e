/**
 * The type of the server's router, the package's only connection to the server. In the published types,
 * build/router-types.ts replaces this file with one that needs nothing but @trpc/*.
 */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type {
  ErrorCode as ServerErrorCode,
  ErrorDetails as ServerErrorDetails,
  AppRouter as ServerRouter,
} from '../../server/trpc/router.ts';

/** Every procedure with its input and output; the type parameter of tRPC's tools. */
export type AppRouter = ServerRouter;

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Every error code of the shop, a closed union. */
export type ErrorCode = ServerErrorCode;
/** Data of a code beside its message; codes that are not listed have none. */
export type ErrorDetails = ServerErrorDetails;
