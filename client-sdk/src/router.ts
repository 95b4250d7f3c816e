/**
 * The server's router as a type: all that ties this package to the server. The build (build/router-types.ts) writes this
 * file anew, with what is the server's own (its context, its metadata) left out, so that the published types need
 * nothing but @trpc/*.
 */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type {
  ErrorCode as ServerErrorCode,
  ErrorDetails as ServerErrorDetails,
  AppRouter as ServerRouter,
} from '../../server/trpc/router.ts';

/** Every procedure with its input and output; the type parameter of tRPC's own tools. */
export type AppRouter = ServerRouter;

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Every way in which the shop may refuse: a closed union. */
export type ErrorCode = ServerErrorCode;
/** What a code carries beside its message; codes that are not listed carry nothing. */
export type ErrorDetails = ServerErrorDetails;
