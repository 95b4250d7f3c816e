/** The context of a request, the same for tRPC and for the REST routes, which call procedures with it. */
import type { Request } from 'express';
import type { Types } from 'mongoose';
import { createAuth } from '../auth/auth.ts';
import type { AppContext } from '../context/app-context.ts';
import type { RequestContext } from './trpc.ts';

export type ContextOf = (req: Request) => RequestContext;

/** Create one per web process: it caches the keys of the external token issuer. */
export function createContextOf(app: AppContext): ContextOf {
  const auth = createAuth(app);
  return (req) => {
    const { authorization } = req.headers;
    let identity: Promise<Types.ObjectId> | undefined;
    return {
      app,
      auth,
      requestId: requestIdOf(req),
      ip: req.ip ?? '',
      authorization,
      // All calls of a batch carry the same token, so it is verified once; each call reads the account anew.
      identify() {
        identity ??= auth.identify(authorization);
        return identity;
      },
    };
  };
}

/** The id that the log, the reply's header and INTERNAL errors carry. */
export function requestIdOf(req: Request): string {
  return String(req.id);
}
